import { defineConfig, type DefaultTheme } from "vitepress";
import { writeMarkdown } from "./markdown-twins.js";
import { referenceSidebar } from "./reference-sidebar.js";

const REPOSITORY = "https://github.com/quayside-ecs/quayside";

export default defineConfig({
  title: "quayside",
  description: "Deploy and scale containers on Amazon ECS from TypeScript",
  base: "/quayside/",
  head: [["link", { rel: "icon", href: "/quayside/favicon.svg", type: "image/svg+xml" }]],
  cleanUrls: true,
  lastUpdated: false,
  srcExclude: ["snippets/**", "generate/**"],
  markdown: { theme: { light: "github-light-high-contrast", dark: "github-dark" } },
  themeConfig: {
    nav: [
      { text: "Start", link: "/start/" },
      { text: "Guides", link: "/guides/own-service" },
      { text: "Troubleshooting", link: "/troubleshooting/" },
      { text: "Reference", link: "/reference/" },
    ],
    search: {
      provider: "local",
      options: {
        miniSearch: {
          options: {
            // Codes are one word, and also findable by their parts. VitePress copies the function into the browser.
            tokenize: (text) =>
              [/[^\p{L}\p{N}-]+/u, /[^\p{L}\p{N}]+/u].flatMap((separator) =>
                text.toLowerCase().split(separator).filter(Boolean),
              ),
          },
          searchOptions: { boost: { title: 6, titles: 2, text: 1 }, fuzzy: 0.1, prefix: true },
        },
      },
    },
    outline: { level: [2, 3] },
    socialLinks: [{ icon: "github", link: REPOSITORY }],
    externalLinkIcon: true,
    // The names of the reference only beside the reference: every page would be ten times as large.
    sidebar: { "/reference/quayside/": referenceSidebar(), "/": sidebar() },
    footer: { message: "MIT License" },
  },
  buildEnd: writeMarkdown,
});

function sidebar(): DefaultTheme.SidebarItem[] {
  return [
    {
      text: "Start",
      items: [
        { text: "Install", link: "/start/" },
        { text: "Five minutes, local", link: "/start/local" },
        { text: "Fifteen minutes, on AWS", link: "/start/aws" },
        { text: "From the AWS console", link: "/start/from-the-console" },
      ],
    },
    {
      text: "Guides",
      collapsed: false,
      items: [
        { text: "Your own service", link: "/guides/own-service" },
        { text: "Credentials", link: "/guides/credentials" },
        { text: "CI with a narrowed policy", link: "/guides/ci" },
        { text: "Previews", link: "/guides/previews" },
        { text: "Testing your deploys", link: "/guides/testing" },
        { text: "Tasks: sidecars, secrets, roles", link: "/guides/tasks" },
        { text: "Several services", link: "/guides/several-services" },
        { text: "Scaling", link: "/guides/scaling" },
        { text: "Hosts", link: "/guides/hosts" },
        { text: "Networks", link: "/guides/networks" },
        { text: "HTTPS and domains", link: "/guides/https" },
        { text: "Network Load Balancers", link: "/guides/network-load-balancers" },
        { text: "Services that find each other", link: "/guides/service-connect" },
        { text: "Blue/green", link: "/guides/blue-green" },
        { text: "Migrations", link: "/guides/migrations" },
        { text: "Logs, tasks, rollback", link: "/guides/day-after" },
        { text: "Reporters", link: "/guides/reporters" },
        { text: "Jobs", link: "/guides/jobs" },
        { text: "Several regions", link: "/guides/regions" },
        { text: "Adopting what exists", link: "/guides/adopting" },
      ],
    },
    {
      text: "Concepts",
      items: [
        { text: "Ownership and tags", link: "/concepts/ownership" },
        { text: "Plan", link: "/concepts/plan" },
        { text: "Rollout, release, colors", link: "/concepts/rollout" },
        { text: "Two runs at once", link: "/concepts/two-runs" },
        { text: "The local cloud", link: "/concepts/local-cloud" },
        { text: "The local cloud, for any client", link: "/local-cloud" },
        { text: "What works, and what does not", link: "/concepts/scope" },
      ],
    },
    {
      text: "Troubleshooting",
      items: [
        { text: "How to read an error", link: "/troubleshooting/" },
        { text: "Error codes", link: "/troubleshooting/errors" },
        { text: "Diagnoses", link: "/troubleshooting/diagnoses" },
      ],
    },
    {
      text: "Reference",
      items: [
        { text: "All names", link: "/reference/" },
        { text: "Events", link: "/reference/events" },
        { text: "Operations of the local cloud", link: "/local-cloud-operations" },
        { text: "Permissions", link: "/permissions" },
        { text: "Permissions by feature", link: "/reference/permissions-by-feature" },
      ],
    },
    {
      text: "More",
      items: [
        { text: "Comparison", link: "/comparison" },
        { text: "FAQ", link: "/faq" },
        { text: "Changelog", link: "/changelog" },
      ],
    },
  ];
}
