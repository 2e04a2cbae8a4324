import { expect, test } from "vitest";
import { readDockerfile } from "../../../src/docker/dockerfile/read-dockerfile.js";

const read = (...lines: readonly string[]) => readDockerfile(`${lines.join("\n")}\n`)!;
const exec = (...words: readonly string[]) => ({ form: "exec", words });
const shell = (line: string, ...words: readonly string[]) => ({
  form: "shell",
  words: [...(words.length > 0 ? words : ["/bin/sh", "-c"]), line],
});

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
    command: exec("node", "server.mjs"),
    env: { A: "1", B: "two words", C: "1none!" },
    workdir: "/srv/app",
    user: undefined,
    stopSignal: undefined,
    healthCheck: undefined,
    copies: [
      { sources: ["package.json", "src"], destination: "/srv/app" },
      { sources: ["a b"], destination: "/opt" },
    ],
  });
  expect(readDockerfile(text, { target: "Base", buildArgs: { PORT: "9090" } })).toMatchObject({
    ports: [9090],
    workdir: "/srv",
  });
  expect(readDockerfile(text, { target: "other" })).toBeUndefined();
});

test("a file without a stage has none", () => {
  expect(readDockerfile("")).toBeUndefined();
  expect(readDockerfile("ARG A\n# FROM a\n")).toBeUndefined();
});

test.each([
  [
    "CMD before ENTRYPOINT of the same stage stays",
    ['CMD ["s.mjs"]', 'ENTRYPOINT ["node"]'],
    exec("node"),
    exec("s.mjs"),
  ],
  ["CMD after ENTRYPOINT stays", ['ENTRYPOINT ["node"]', 'CMD ["s.mjs"]'], exec("node"), exec("s.mjs")],
  ["the last of each counts", ["CMD a", "CMD b", "ENTRYPOINT c", "ENTRYPOINT d"], shell("d"), shell("b")],
  ["an empty array means none", ['ENTRYPOINT ["a"]', "ENTRYPOINT []", "CMD []"], undefined, undefined],
  [
    "variables in commands are for the shell",
    ["ENV A=1", "CMD echo $A", 'ENTRYPOINT ["$A"]'],
    exec("$A"),
    shell("echo $A"),
  ],
  [
    "SHELL applies to later commands",
    ["CMD a", 'SHELL ["/bin/bash", "-c"]', "ENTRYPOINT b"],
    shell("b", "/bin/bash", "-c"),
    shell("a"),
  ],
])("%s", (_, lines, entryPoint, command) => {
  expect(read("FROM a", ...lines)).toMatchObject({ entryPoint, command });
});

test("an entry point drops only an inherited command", () => {
  const inherited = ["FROM a AS x", 'CMD ["y"]', "FROM x"];
  expect(read(...inherited, "ENTRYPOINT exec java -jar /app.jar")).toMatchObject({
    entryPoint: shell("exec java -jar /app.jar"),
    command: undefined,
  });
  expect(read(...inherited).command).toEqual(exec("y"));
});

test.each([
  ["80 8000-8002/tcp 80", [80, 8000, 8001, 8002]],
  ["53/udp 54/sctp 55/TCP", [55]],
  ["127.0.0.1:80:8080 81:8081", [8080, 8081]],
  ["$PORT", [8080]],
  ["${PORT}/tcp", [8080]],
  ["${NONE:-${PORT}} ${NONE-3000}", [8080, 3000]],
  ['"$PORT"', [8080]],
  ["$BOTH", [1, 2]],
  ["$NONE", []],
  ["0", []],
])("EXPOSE %s exposes %j", (text, ports) => {
  expect(read("FROM a", "ARG PORT=8080", 'ARG BOTH="1 2"', `EXPOSE ${text}`).ports).toEqual(ports);
});

const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

test.each([
  ["ARG has several names", ["ARG PORT=8080 MODE=prod", "ENV M=$MODE P=$PORT"], { M: "prod", P: "8080" }],
  ["defaults nest", ["ARG D=8080", "ENV P=${PORT:-${D}}"], { P: "8080" }],
  ["single quotes keep variables", ["ENV B=77", "ENV C='$B' D=\"$B\""], { B: "77", C: "$B", D: "77" }],
  ["all values of one ENV see those before it", ["ENV A=1", "ENV A=2 B=$A"], { A: "2", B: "1" }],
  ["the older form takes the rest of the line", ['ENV A  one "two"  three'], { A: "one two  three" }],
  ["names are expanded", ["ARG N=X", "ENV $N=1"], { X: "1" }],
  ["blanks are escaped or quoted", ["ENV A=a\\ b B='c d' C=e"], { A: "a b", B: "c d", C: "e" }],
  ["an argument without a value is not set", ["ARG A", "ENV B=${A-none}"], { B: "none" }],
  ["a later ARG sets the variable again", ["ENV A=1", "ARG A=2", "ENV B=$A"], { A: "1", B: "2" }],
  ["a default may refer to an argument before it", ["ARG A=1 B=$A", "ENV C=$B"], { C: "1" }],
  ["the search path is Docker's", ["ENV PATH=/x:$PATH"], { PATH: `/x:${SYSTEM_PATH}` }],
])("%s", (_, lines, env) => {
  expect(read("FROM a", ...lines).env).toEqual(env);
});

test("arguments before FROM are known to FROM, and to a stage that names them", () => {
  const text =
    "ARG BASE=b A=1\nARG C=${A}2\nFROM a AS b\nEXPOSE 1\nFROM ${BASE}\nARG C\nARG A=3\nENV X=$A Y=$C Z=$BASE\n";
  expect(readDockerfile(text)).toMatchObject({ ports: [1], env: { X: "3", Y: "12", Z: "" } });
  expect(readDockerfile(text, { buildArgs: { A: "9", BASE: "other" } })).toMatchObject({
    ports: [],
    env: { X: "9", Y: "92" },
  });
});

test("a stage inherits the arguments of the stage that it is based on, and no others", () => {
  expect(read("FROM a AS x", "ARG A=1", "FROM x", "ENV B=$A").env).toEqual({ B: "1" });
  expect(read("FROM a AS x", "ARG A=1", "FROM a", "ENV B=$A").env).toEqual({ B: "" });
});

test("the platform's arguments select a stage", () => {
  const text =
    "FROM --platform=$BUILDPLATFORM a AS base-amd64\nEXPOSE 1\nFROM a AS base-arm64\nEXPOSE 2\nFROM base-${TARGETARCH}\nARG TARGETARCH\nENV A=$TARGETARCH\n";
  expect(readDockerfile(text)).toMatchObject({ ports: [1], env: { A: "amd64" } });
  expect(readDockerfile(text, { platform: "linux/arm64" })).toMatchObject({
    ports: [2],
    env: { A: "arm64" },
  });
});

test("a stage's name is the latest one before it", () => {
  expect(read("FROM a AS x", "EXPOSE 1", "FROM a AS X", "EXPOSE 2", "FROM x").ports).toEqual([2]);
  // BuildKit takes a number for the name of an image.
  expect(read("FROM a AS x", "EXPOSE 1", "FROM 0").ports).toEqual([]);
});

test("ONBUILD applies to stages that are directly based on it", () => {
  const lines = ["FROM a AS x", "ONBUILD ENV A=1", "ONBUILD EXPOSE 5", "FROM x AS y", "ENV B=$A"];
  expect(read(...lines)).toMatchObject({ ports: [5], env: { A: "1", B: "1" } });
  expect(read(...lines.slice(0, 3)).ports).toEqual([]);
  expect(
    read("FROM a AS x", 'ONBUILD CMD ["c"]', "FROM x AS y", "FROM y", 'ENTRYPOINT ["e"]').command,
  ).toBeUndefined();
});

test.each([
  [["WORKDIR /a", "WORKDIR b", "WORKDIR ../c"], "/a/c"],
  [["WORKDIR a b"], "/a b"],
  [['WORKDIR "/a b"'], "/a b"],
  [["ENV D=/x", "WORKDIR $D/${N:-y}"], "/x/y"],
])("%j is the working directory %s", (lines, workdir) => {
  expect(read("FROM a", ...lines).workdir).toBe(workdir);
});

test("the user and the stop signal are expanded", () => {
  expect(read("FROM a", "ARG U=app", "USER $U:$U", "STOPSIGNAL SIG${S:-INT}")).toMatchObject({
    user: "app:app",
    stopSignal: "SIGINT",
  });
});

test("the contents of heredocs and of other stages are no sources", () => {
  const lines = ["COPY <<EOF /x", "b", "EOF", "COPY --from=0 c /y", "COPY <<EOF d /z/", "EOF", "COPY e ."];
  expect(read("FROM a", ...lines).copies).toEqual([
    { sources: ["d"], destination: "/z" },
    { sources: ["e"], destination: "/" },
  ]);
});

const ALL_FLAGS = "--interval=5m --timeout=1.5s --retries=2 --start-period=500ms --start-interval=2s";

test.each([
  [
    "CMD curl -f http://localhost/ || exit 1",
    { command: ["CMD-SHELL", "curl -f http://localhost/ || exit 1"] },
  ],
  ['cmd ["curl", "$A"]', { command: ["CMD", "curl", "$A"] }],
  [
    `${ALL_FLAGS} CMD x`,
    { command: ["CMD-SHELL", "x"], interval: 300, timeout: 1.5, retries: 2, startPeriod: 0.5 },
  ],
  ["--interval=0 --retries=0 CMD x", { interval: undefined, retries: undefined }],
  ["--interval=1h1m1s CMD x", { interval: 3661 }],
  ["NONE", undefined],
  ["none", undefined],
])("HEALTHCHECK %s is read", (text, expected) => {
  const { healthCheck } = read("FROM a AS x", "HEALTHCHECK CMD y", "FROM x", `HEALTHCHECK ${text}`);
  if (expected === undefined) expect(healthCheck).toBeUndefined();
  else expect(healthCheck).toMatchObject(expected);
});

test.each([
  ["FROM", 1, "must be followed by an image"],
  ["FROM a b", 1, "must be followed by an image"],
  ["FROM a AS 1b", 1, "invalid stage name 1b"],
  ["FROM $A", 1, "names no image"],
  ["RUN x\nFROM a", 1, "must come after FROM"],
  ["FROM a\n\nEXPOSE 80 # web", 3, "invalid port #"],
  ["FROM a\nEXPOSE 80/http", 2, "invalid protocol http"],
  ["FROM a\nEXPOSE 90-80", 2, "invalid port 90-80"],
  ["FROM a\nEXPOSE 65536", 2, "invalid port 65536"],
  ["FROM a\nENV A", 2, "two arguments"],
  ["FROM a\nENV A=1 B", 2, "name=value"],
  ["FROM a\nENV =1", 2, "without a name"],
  ["FROM a\nARG", 2, "at least one argument"],
  ["FROM a\nENV A=${B:?missing}", 2, "missing"],
  ["FROM a\nENV A='b", 2, "quote"],
  ["FROM a\nSHELL sh -c", 2, "JSON array"],
  ["FROM a\nCOPY x", 2, "a source and a destination"],
  ["FROM a\nHEALTHCHECK curl x", 2, "CMD or NONE"],
  ["FROM a\nHEALTHCHECK --every=1s CMD x", 2, "unknown flag --every"],
  ["FROM a\nHEALTHCHECK --interval=5 CMD x", 2, "invalid duration"],
  ["FROM a\nHEALTHCHECK --retries=x CMD x", 2, "retries"],
  ["FROM a\nHEALTHCHECK NONE x", 2, "no arguments"],
  ["FROM a\nHEALTHCHECK CMD", 2, "no command"],
])("%j is refused in line %i", (text, line, message) => {
  let error: unknown;
  try {
    readDockerfile(text);
  } catch (caught) {
    error = caught;
  }
  expect(error).toMatchObject({ line, message: expect.stringContaining(message) });
});

test("what another stage does wrong does not matter", () => {
  expect(read("FROM a", "ENV A=${B:?set B}", "FROM c", "EXPOSE 1").ports).toEqual([1]);
});
