import { expect, test } from "vitest";
import { Deployment } from "../../src/index.js";
import { issuesOf, refusals, talk } from "./issues-of.js";

const complete = new Deployment("talk-service").image("talk-service:1").cluster("conference-cluster");
const container = (options: object) => talk["container"]!(options);

test("cpu and memory are whole numbers within ECS's ranges", () => {
  const bad = [
    { cpu: 0 },
    { cpu: 196_609 },
    { cpu: "128" },
    { memory: 5 },
    { memory: 128.5 },
    { memoryReservation: 0 },
  ];
  expect(refusals(bad, container)).toMatchInlineSnapshot(`
    [
      "container.cpu: must be a whole number from 1 to 196608 (1024 = 1 vCPU); got 0",
      "container.cpu: must be a whole number from 1 to 196608 (1024 = 1 vCPU); got 196609",
      "container.cpu: must be a whole number from 1 to 196608 (1024 = 1 vCPU); got "128"",
      "container.memory: must be a whole number of 6 or more (MiB); got 5",
      "container.memory: must be a whole number of 6 or more (MiB); got 128.5",
      "container.memoryReservation: must be a whole number of 6 or more (MiB); got 0",
    ]
  `);
});

test("memory is more than the reservation", () => {
  const bad = [
    { memory: 128, memoryReservation: 128 },
    { memory: 128, memoryReservation: 256 },
  ];
  expect(refusals(bad, container)).toMatchInlineSnapshot(`
    [
      "container.memoryReservation: must be less than memory, 128 (MiB); got 128",
      "container.memoryReservation: must be less than memory, 128 (MiB); got 256",
    ]
  `);
  expect(issuesOf(container({ memory: 129, memoryReservation: 128 }))).toEqual([]);
});

test.each([
  ["nothing", {}, { memory: undefined, memoryReservation: 256 }],
  ["a limit", { memory: 512 }, { memory: 512, memoryReservation: undefined }],
  ["a reservation", { memoryReservation: 128 }, { memory: undefined, memoryReservation: 128 }],
])("a container on EC2 instances with %s has a limit or a reservation of memory", (_, container, memory) => {
  expect(complete.container(container).toJSON().container).toMatchObject(memory);
});
