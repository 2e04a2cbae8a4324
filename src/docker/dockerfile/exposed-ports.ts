import { DockerfileError } from "./dockerfile-error.js";

/**
 * The TCP ports of a word of EXPOSE: `8080`, `8080/tcp`, `8080-8082`, and `127.0.0.1:80:8080`, whose last part
 * is the container's. UDP and SCTP ports are ignored: an Application Load Balancer cannot use them.
 */
export function tcpPorts(word: string): number[] {
  const [port = "", protocol = ""] = word.slice(word.lastIndexOf(":") + 1).split(/\/([^]*)/u);
  if (!["", "tcp", "udp", "sctp"].includes(protocol.toLowerCase()))
    throw new DockerfileError(`EXPOSE has the invalid protocol ${protocol}`);
  const match = /^(\d+)(?:-(\d+))?$/.exec(port);
  const [first, last] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
  if (match === null || last > 65_535 || last < first)
    throw new DockerfileError(`EXPOSE has the invalid port ${word}`);
  if (protocol !== "" && protocol.toLowerCase() !== "tcp") return [];
  // Docker accepts port 0, which nothing can listen on.
  return Array.from({ length: last - first + 1 }, (_, index) => first + index).filter((each) => each > 0);
}
