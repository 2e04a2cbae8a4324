import { expect, test } from "vitest";
import { parseInstructions } from "../../../src/docker/dockerfile/instructions.js";

/** `line KEYWORD rest`, of each instruction. */
const read = (text: string) =>
  parseInstructions(text).instructions.map(
    ({ line, keyword, flags, rest }) => `${line} ${[keyword, ...flags, rest].join(" ")}`,
  );

test.each([
  ["the case of an instruction does not matter", "from a\nRuN x\n", ["1 FROM a", "2 RUN x"]],
  ["a byte order mark is skipped", "\uFEFFFROM a\n", ["1 FROM a"]],
  ["lines end in CRLF", "FROM a\r\nRUN x \\\r\n  y\r\nUSER z\r\n", ["1 FROM a", "2 RUN x   y", "4 USER z"]],
  ["there is no last line end", "FROM a", ["1 FROM a"]],
  ["instructions are indented", "  FROM a\n\tRUN x", ["1 FROM a", "2 RUN x"]],
  ["comments and blank lines occur within", "RUN a \\\n# b\n\n   # c\n  d\n", ["1 RUN a   d"]],
  ["a continued line may have blanks at its end", "RUN a \\  \n b\n", ["1 RUN a  b"]],
  ["two escape characters do not continue", "RUN a \\\\\nUSER b\n", ["1 RUN a \\\\", "2 USER b"]],
  ["a comment is not continued", "# a \\\nUSER b\n", ["2 USER b"]],
  ["a hash within a line is no comment", "RUN a # b\n", ["1 RUN a # b"]],
  ["an escape character stands alone", "RUN a \\\n\\\nb\n", ["1 RUN a b"]],
  ["the last line is continued", "RUN a \\\n", ["1 RUN a"]],
  [
    "# escape=` changes the escape character",
    "# escape=`\nRUN a `\n b\\\nUSER c",
    ["2 RUN a  b\\", "4 USER c"],
  ],
  ["# escape after a comment is a comment", "# x\n# escape=`\nRUN a `\nUSER b", ["3 RUN a `", "4 USER b"]],
  [
    "# escape after # syntax counts",
    "#syntax=docker/dockerfile:1\n# Escape = ` \nRUN a `\n b",
    ["3 RUN a  b"],
  ],
  [
    "flags precede the rest",
    'COPY --from=x --chown="a b" --link c d',
    ["1 COPY --from=x --chown=a b --link c d"],
  ],
  ["two hyphens end the flags", "RUN -- --x", ["1 RUN --x"]],
  [
    "unknown instructions of another frontend are left out",
    "# syntax=other/frontend\nFROM a\nINVENT b\nUSER c",
    ["2 FROM a", "4 USER c"],
  ],
])("%s", (_, text, expected) => {
  expect(read(text)).toEqual(expected);
});

const AFTER = "USER after";

test.each([
  ["RUN <<EOF", "EOF"],
  ["RUN << EOF", "EOF"],
  ["RUN python3 <<  EOF > /f", "EOF"],
  ["RUN <<-EOF", "\t\tEOF"],
  ["RUN 3<<EOF", "EOF"],
  ["RUN <<'EOF'", "EOF"],
  ['RUN <<"EOF"', "EOF"],
  ["RUN <<'one two'", "one two"],
  ["RUN <<eo'f'", "eof"],
  ["RUN <<eo\\'f", "eo'f"],
  ["RUN <<$EOF", "$EOF"],
  ["RUN --mount=type=cache,target=/x <<EOF", "EOF"],
  ["RUN cat <<EOF | sh", "EOF"],
  ["COPY <<file.txt /dest", "file.txt"],
  ["ADD <<EOF /dest", "EOF"],
  ["COPY <<A <<B /dest", "A\nB"],
  ["COPY <<X <<Y /dest", "Y\nX\nX\nY"],
  ["ONBUILD RUN <<EOF", "EOF"],
  ["RUN <<EOF", "EOF\r"],
])("%s opens a heredoc up to %j", (opening, closing) => {
  const body = closing === "EOF" ? "FROM other\nEXPOSE 1\n# x\\\n EOF\nEOFX\n" : "";
  expect(read(`${opening}\n${body}${closing}\n${AFTER}\n`).map((each) => each.split(" ")[1])).toEqual([
    opening.split(" ")[0],
    "USER",
  ]);
});

test.each([
  'RUN bash -c "cat <<EOF > /f"',
  "RUN '<<EOF'",
  'RUN python3 -c "x = 1 <<y"',
  'RUN ["<<EOF"]',
  "RUN cat <<<EOF",
  "RUN <<- EOF",
  "RUN echo $((1<<2))",
  "RUN echo <",
  "RUN it's <<EOF",
  "USER <<EOF",
  "ENV A=<<EOF",
  "RUN \\<<EOF",
])("%s opens no heredoc", (text) => {
  expect(read(`${text}\n${AFTER}`)).toHaveLength(2);
});

test.each([
  ["RUN <<EOF\nx\n", "the heredoc EOF is not closed"],
  ["RUN x\nINVENT b\n", "the instruction INVENT is unknown"],
  ["# escape=x\n", "the directive escape must be"],
  ["# escape=`\n# escape=`\n", "occurs twice"],
  ['CMD ["a", 1]\n', "must contain only strings"],
])("%j is refused", (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test("anything but a JSON array is plain text", () => {
  const [first, ...others] = parseInstructions(
    'CMD [ "a b" , "c" ]\nCMD [\'a\']\nCMD ["a"] b\nCMD a\nCMD []\n',
  ).instructions.map(({ json }) => json);
  expect(first).toEqual(["a b", "c"]);
  expect(others).toEqual([undefined, undefined, undefined, []]);
});
