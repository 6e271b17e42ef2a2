import { MAX_PARTITIONS } from '../../protocols/partition.ts';
import { messageOf } from '../../protocols/thrown.ts';
import { type Config, readConfig } from '../node/config.ts';
import { UsageError } from './command.ts';
import { wholeNumber } from './parse-command-line.ts';

/** The configuration that the options ask for; a mistake in the file is one of the command line. */
export function checkedConfig({ config, partitions }: { config?: string; partitions?: string }): Config {
  const read = readOrRefuse(config);
  if (partitions === undefined) return read;
  return { ...read, partitions: wholeNumber('partitions', partitions, 1, MAX_PARTITIONS) };
}

function readOrRefuse(file: string | undefined): Config {
  try {
    return readConfig(file);
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}
