import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and a server, and can stop passing answers on: what is sent still arrives. */
export interface DeafProxy {
  url: string;
  /** The client hears nothing from now on. */
  deafen(): void;
  /** Breaks the connections; the next ones hear again. */
  cut(): void;
  close(): void;
}

export async function startDeafProxy(port: number): Promise<DeafProxy> {
  const sockets = new Set<Socket>();
  let deaf = false;
  const server: Server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (data) => upstream.write(data));
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
    cut,
    close() {
      cut();
      server.close();
    },
  };
}
