import { expect, test } from "vitest";
import { pages, paginate } from "../../src/aws/paginate.js";

type Page = Readonly<Record<string, unknown>> | undefined;

/** A list of these pages, and the requests for them. */
function list(...answers: Page[]): { read: (next: object) => Promise<Page>; requests: object[] } {
  const requests: object[] = [];
  const read = async (next: object): Promise<Page> => {
    requests.push(next);
    return answers[requests.length - 1];
  };
  return { read, requests };
}

const itemsOf = (page: NonNullable<Page>) => page.items as string[] | undefined;

test.each(["nextToken", "NextToken", "PaginationToken"] as const)(
  "a list with %s is read to its last page, the first one without a token",
  async (field) => {
    const { read, requests } = list({ items: ["a"], [field]: "2" }, { items: ["b", "c"], [field]: "3" }, {});
    expect(await paginate(field, read, itemsOf)).toEqual(["a", "b", "c"]);
    expect(requests).toStrictEqual([{}, { [field]: "2" }, { [field]: "3" }]);
  },
);

test("ELB answers a request's Marker with a NextMarker", async () => {
  const { read, requests } = list({ items: ["a"], NextMarker: "2" }, { items: ["b"] });
  expect(await paginate("Marker", read, itemsOf)).toEqual(["a", "b"]);
  expect(requests).toStrictEqual([{}, { Marker: "2" }]);
});

test("IAM's Marker counts only while the list is truncated", async () => {
  const { read, requests } = list(
    { items: ["a"], IsTruncated: true, Marker: "2" },
    { items: ["b"], IsTruncated: false, Marker: "3" },
  );
  expect(await paginate("Marker", read, itemsOf)).toEqual(["a", "b"]);
  expect(requests).toStrictEqual([{}, { Marker: "2" }]);
});

test("an empty token and a list that was not found are the end; an empty page is not", async () => {
  expect(await paginate("nextToken", list({ items: ["a"], nextToken: "" }).read, itemsOf)).toEqual(["a"]);
  expect(await paginate("nextToken", list(undefined).read, itemsOf)).toEqual([]);
  expect(
    await paginate("nextToken", list({ items: [], nextToken: "2" }, { items: ["b"] }).read, itemsOf),
  ).toEqual(["b"]);
});

test("a page is requested only once the one before has been handled", async () => {
  const { read, requests } = list({ items: ["a"], nextToken: "2" }, { items: ["b"], nextToken: "3" });
  for await (const page of pages("nextToken", read)) {
    if (page?.nextToken === "3") break;
    expect(requests).toHaveLength(1);
  }
  expect(requests).toHaveLength(2);
});

test("a list whose token has expired is read from its first page again", async () => {
  const expired = Object.assign(new Error("A PaginationToken is valid for a maximum of 15 minutes."), {
    name: "PaginationTokenExpiredException",
  });
  const requests: object[] = [];
  const read = async (next: object): Promise<Page> => {
    requests.push(next);
    if (requests.length === 2) throw expired;
    return "PaginationToken" in next ? { items: ["b"] } : { items: ["a"], PaginationToken: "2" };
  };
  expect(await paginate("PaginationToken", read, itemsOf)).toEqual(["a", "b"]);
  expect(requests).toStrictEqual([{}, { PaginationToken: "2" }, {}, { PaginationToken: "2" }]);

  const always = () => Promise.reject(expired);
  await expect(paginate("PaginationToken", always, itemsOf)).rejects.toBe(expired);
});
