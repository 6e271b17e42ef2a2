const usage = `usage: tillwire <command>

  demo   trade a real week of retail
  up     start a NATS server and nodes, and keep them running
`;

export async function main(_argv: string[]): Promise<number> {
  process.stderr.write(usage);
  return 2;
}
