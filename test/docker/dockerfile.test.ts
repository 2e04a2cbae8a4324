import { expect, test } from "vitest";
import { readDockerfile } from "../../src/docker/dockerfile.js";

test("the last stage is read, with inherited instructions and its arguments filled in", () => {
  const text = `# syntax=docker/dockerfile:1
ARG VERSION=22
ARG PORT=8080
FROM node:\${VERSION} AS base
WORKDIR /srv
ENV A=1 B="two words"
ENV C=\${A}\${MISSING:-none}\${A:+!}
ARG PORT
EXPOSE $PORT 53/udp
RUN <<EOF
EXPOSE 1
EOF
FROM base
WORKDIR app
COPY --from=base /x /y
COPY package.json \\
  # a comment within
  src ./
COPY ["a b", "/opt/"]
CMD ["node", "server.mjs"]
`;
  expect(readDockerfile(text)).toEqual({
    ports: [8080],
    entryPoint: undefined,
    command: { exec: ["node", "server.mjs"] },
    env: { A: "1", B: "two words", C: "1none!" },
    workdir: "/srv/app",
    copies: [
      { sources: ["package.json", "src"], destination: "/srv/app" },
      { sources: ["a b"], destination: "/opt" },
    ],
  });
  expect(readDockerfile(text, "base", { PORT: "9090" })).toMatchObject({ ports: [9090], workdir: "/srv" });
  expect(readDockerfile(text, "other")).toBeUndefined();
});

test("the shell form of a command is recognized, and an entry point drops an inherited command", () => {
  const text = 'FROM a AS x\nCMD ["y"]\nFROM x\nENTRYPOINT exec java -jar /app.jar\n';
  expect(readDockerfile(text)).toMatchObject({
    entryPoint: { shell: "exec java -jar /app.jar" },
    command: undefined,
  });
});

test("a range of ports is expanded", () => {
  expect(readDockerfile("FROM a\nEXPOSE 80 8000-8002/tcp 80\n")!.ports).toEqual([80, 8000, 8001, 8002]);
});

test("an invalid Dockerfile has no stage", () => {
  expect(readDockerfile("")).toBeUndefined();
  expect(readDockerfile("RUN x\n")).toBeUndefined();
});
