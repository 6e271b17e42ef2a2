/** One value on stdout: indented JSON, or text for people. */
export function print(value: object, json: boolean | undefined, text: () => string): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : text());
}
