// Makes a program take its standard output and error for a terminal.
for (const stream of [process.stdout, process.stderr]) {
  Object.assign(stream, {
    isTTY: true,
    columns: Number(process.env.COLUMNS),
    rows: Number(process.env.LINES),
  });
}
