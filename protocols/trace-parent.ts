/**
 * W3C Trace Context: version, trace id, parent id, flags. No version is ff, no id is all zeros, and only later versions say more. What
 * is none is left out of all that follows from the command.
 */
const TRACE_PARENT =
  /^(?:00(?=.{53}$)|(?!00|ff)[0-9a-f]{2})-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-[0-9a-f-]{0,64})?$/;

export const isTraceParent = (text: string): boolean => TRACE_PARENT.test(text);
