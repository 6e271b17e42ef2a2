import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { ReportFile } from '../../../supervisor/report/report-file.ts';

const STREAM = 'EVENTS of a test';

interface ReportFolder {
  path: string;
  /** Closed after the test, unless the test closes it. */
  open(stream?: string): Promise<ReportFile>;
}

/** A file of its own for each test of a file. */
export function useReportFolder(): ReportFolder {
  const opened: ReportFile[] = [];
  let folder = '';
  const report: ReportFolder = {
    path: '',
    async open(stream = STREAM) {
      const file = await ReportFile.open(report.path, stream, { memoryMb: 64, threads: 1 });
      opened.push(file);
      return file;
    },
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tillwire-report-'));
    report.path = join(folder, 'report', 'node-1.duckdb');
  });
  afterEach(async () => {
    for (const file of opened.splice(0)) await file.close();
    await rm(folder, { recursive: true, force: true });
  });
  return report;
}
