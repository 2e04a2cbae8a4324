import { expect, test } from "vitest";
import { Cluster, Deployment } from "../../src/index.js";
import { FARGATE_SIZES, formatMemory } from "../../src/spec/fargate-sizes.js";
import { refusals, untyped } from "./issues-of.js";

const fargate = new Deployment("talk").image("talk:1").cluster(new Cluster("conference").fargate());
const sized = (container: object) => untyped(fargate)["container"]!(container);

test("Fargate sizes are those that AWS lists", () => {
  expect(FARGATE_SIZES.map((size) => `${size.cpu}: ${formatMemory(size)}`)).toMatchInlineSnapshot(`
    [
      "256: 512, 1024 or 2048",
      "512: 1024 to 4096 in steps of 1024",
      "1024: 2048 to 8192 in steps of 1024",
      "2048: 4096 to 16384 in steps of 1024",
      "4096: 8192 to 30720 in steps of 1024",
      "8192: 16384 to 61440 in steps of 4096",
      "16384: 32768 to 122880 in steps of 8192",
    ]
  `);
});

test("every Fargate size is accepted", () => {
  for (const { cpu, memory } of FARGATE_SIZES) {
    for (const each of memory)
      expect(fargate.container({ cpu, memory: each }).toJSON().container).toMatchObject({
        cpu,
        memory: each,
      });
  }
});

test.each([
  ["no option", {}, { cpu: 256, memory: 512 }],
  ["only cpu", { cpu: 2048 }, { cpu: 2048, memory: 4096 }],
  ["only memory", { memory: 3072 }, { cpu: 512, memory: 3072 }],
])("with %s, the smallest Fargate size is used", (_, container, size) => {
  expect(fargate.container(container).toJSON().container).toMatchObject(size);
});

test("memory that a cpu does not support is rejected with the memory that it supports", () => {
  const sizes = FARGATE_SIZES.map(({ cpu }) => ({ cpu, memory: 700 }));
  expect(refusals([...sizes, { memory: 700 }, { cpu: 256, memory: "1024" }], sized)).toMatchInlineSnapshot(`
    [
      "container.memory: must be 512, 1024 or 2048 (MiB) on Fargate with cpu 256; got 700",
      "container.memory: must be 1024 to 4096 in steps of 1024 (MiB) on Fargate with cpu 512; got 700",
      "container.memory: must be 2048 to 8192 in steps of 1024 (MiB) on Fargate with cpu 1024; got 700",
      "container.memory: must be 4096 to 16384 in steps of 1024 (MiB) on Fargate with cpu 2048; got 700",
      "container.memory: must be 8192 to 30720 in steps of 1024 (MiB) on Fargate with cpu 4096; got 700",
      "container.memory: must be 16384 to 61440 in steps of 4096 (MiB) on Fargate with cpu 8192; got 700",
      "container.memory: must be 32768 to 122880 in steps of 8192 (MiB) on Fargate with cpu 16384; got 700",
      "container.memory: must be 512, 1024 or 2048 (MiB) on Fargate with cpu 256; got 700",
      "container.memory: must be 512, 1024 or 2048 (MiB) on Fargate with cpu 256; got "1024"",
    ]
  `);
});

test("a cpu that Fargate does not support is rejected with those that it supports", () => {
  expect(refusals([{ cpu: 128 }, { cpu: 1 }, { cpu: "256" }, { cpu: 300, memory: 512 }], sized))
    .toMatchInlineSnapshot(`
      [
        "container.cpu: must be a size that Fargate supports, 256, 512, 1024, 2048, 4096, 8192 or 16384 (1024 = 1 vCPU); got 128",
        "container.cpu: must be a size that Fargate supports, 256, 512, 1024, 2048, 4096, 8192 or 16384 (1024 = 1 vCPU); got 1",
        "container.cpu: must be a size that Fargate supports, 256, 512, 1024, 2048, 4096, 8192 or 16384 (1024 = 1 vCPU); got "256"",
        "container.cpu: must be a size that Fargate supports, 256, 512, 1024, 2048, 4096, 8192 or 16384 (1024 = 1 vCPU); got 300",
      ]
    `);
});

test("a reservation as large as the task's memory is rejected", () => {
  expect(refusals([{ cpu: 256, memoryReservation: 512 }], sized)).toMatchInlineSnapshot(`
    [
      "container.memoryReservation: must be less than memory, 512 (MiB); got 512",
    ]
  `);
});
