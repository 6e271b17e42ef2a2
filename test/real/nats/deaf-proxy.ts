import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and a server, and can stop passing answers on: what is sent still arrives. */
export interface DeafProxy {
  url: string;
  /** The client hears nothing from now on. */
  deafen(): void;
  /** Breaks the connection that is called so; the next one is not heard until the function that is returned is called. */
  shutOut(name: string): () => void;
  /** Breaks the connections; the next ones hear again. */
  cut(): void;
  close(): void;
}

export async function startDeafProxy(port: number): Promise<DeafProxy> {
  const sockets = new Set<Socket>();
  /** What each client said first, its name among it. */
  const greetings = new Map<Socket, string>();
  let deaf = false;
  let shutOut: string | undefined;
  const held: (() => void)[] = [];
  const isShutOut = (client: Socket): boolean =>
    shutOut !== undefined && (greetings.get(client) ?? '').includes(`"name":"${shutOut}"`);
  const server: Server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        greetings.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (data) => {
      if (!greetings.has(client)) greetings.set(client, data.toString());
      const pass = () => upstream.write(data);
      if (isShutOut(client)) held.push(pass);
      else pass();
    });
    upstream.on('data', (data) => {
      if (!deaf) client.write(data);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const cut = (): void => {
    deaf = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    deafen() {
      deaf = true;
    },
    shutOut(name) {
      shutOut = name;
      for (const client of greetings.keys()) if (isShutOut(client)) client.destroy();
      return () => {
        shutOut = undefined;
        for (const pass of held.splice(0)) pass();
      };
    },
    cut,
    close() {
      cut();
      server.close();
    },
  };
}
