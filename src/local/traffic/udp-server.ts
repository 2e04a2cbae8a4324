import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import type { ChooseUpstreams } from "./connect-upstream.js";
import type { ListenerServer } from "./listener-server.js";

/** AWS forgets a flow that is idle for 120 seconds, and sends its next datagram to any target. Source: ELB User Guide, "Connection idle timeout". */
const IDLE = 120_000;

/**
 * Starts a real socket on loopback for a UDP listener of a Network Load Balancer: the datagrams of each client's address
 * and port go to one target, and its answers back, for as long as they do not pause and the target is registered.
 *
 * @param isTarget - true if a target listens at the port, also while it is being deregistered
 */
export async function startUdpServer(
  choose: ChooseUpstreams,
  isTarget: (port: number) => boolean,
  at = 0,
): Promise<ListenerServer> {
  const server = createSocket("udp4");
  const flows = new Map<string, Flow>();
  const forget = (key: string): void => {
    const flow = flows.get(key);
    if (flow === undefined) return;
    flows.delete(key);
    clearTimeout(flow.idle);
    flow.socket.close();
  };
  const start = (key: string, client: RemoteInfo): Flow | undefined => {
    const upstreams = choose();
    const [target] = upstreams === "unreachable" ? [] : upstreams;
    // A datagram that nobody gets is lost without an answer.
    if (target === undefined) return undefined;
    const socket = createSocket("udp4");
    const connected = once(socket, "connect").then(
      () => true,
      () => false,
    );
    const flow: Flow = { socket, port: target.port, connected, idle: undefined };
    // Nobody listens there any more: the next datagram goes to another target.
    socket.on("error", () => forget(key));
    socket.connect(target.port, "127.0.0.1");
    socket.unref();
    socket.on("message", (answer) => {
      stay(key, flow);
      server.send(answer, client.port, client.address);
    });
    flows.set(key, flow);
    return flow;
  };
  const stay = (key: string, flow: Flow): void => {
    clearTimeout(flow.idle);
    flow.idle = setTimeout(() => forget(key), IDLE);
    flow.idle.unref();
  };
  server.on("message", (datagram, client) => {
    const key = `${client.address}:${client.port}`;
    const known = flows.get(key);
    if (known !== undefined && !isTarget(known.port)) forget(key);
    const flow = flows.get(key) ?? start(key, client);
    if (flow === undefined) return;
    stay(key, flow);
    void flow.connected.then((isConnected) => {
      if (isConnected && flows.get(key) === flow) flow.socket.send(datagram);
    });
  });
  const listening = once(server, "listening");
  server.bind(at, "127.0.0.1");
  await listening;
  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    for (const key of [...flows.keys()]) forget(key);
    server.close();
  };
  return {
    port: server.address().port,
    close,
    end: async () => close(),
  };
}

interface Flow {
  readonly socket: Socket;
  readonly port: number;
  readonly connected: Promise<boolean>;
  idle: NodeJS.Timeout | undefined;
}
