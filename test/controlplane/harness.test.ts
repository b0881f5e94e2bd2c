import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import config from '../../jest.e2e.config.ts';
import { run } from '../e2e/support/process/command.ts';
import { freePorts, isFree } from '../e2e/support/process/ports.ts';
import { until } from '../support/wait.ts';

it.each([
  ['running', ''],
  ['frozen', "daemon.signal('SIGSTOP');"],
])(
  'a %s program ends with the test process, even if that is killed',
  async (_, before) => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-daemon-'));
    const [port = 0] = await freePorts(1);
    const serve = `require('node:net').createServer().listen(${port}, '127.0.0.1', () => console.log('up'))`;
    const parent = spawn(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { setTimeout as sleep } from 'node:timers/promises';
         import { Daemon } from ${JSON.stringify(new URL('../e2e/support/process/daemon.ts', import.meta.url))};
         const daemon = new Daemon({
           program: process.execPath,
           args: ['--eval', ${JSON.stringify(serve)}],
           logFile: ${JSON.stringify(join(folder, 'log'))},
         });
         while (!daemon.log().includes('up')) await sleep(20);
         ${before}
         process.stdout.write('ready');
         setInterval(() => {}, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    try {
      await once(parent.stdout, 'data');
      expect(await isFree(port)).toBe(false);
    } finally {
      parent.kill('SIGKILL');
    }
    await until('its port is free', () => isFree(port));
    rmSync(folder, { recursive: true });
  },
  60_000,
);

it('jest runs e2e in its own process: a worker would outlive it, and so would what it started', () => {
  expect(config).toMatchObject({ maxWorkers: 1 });
  expect(config).not.toHaveProperty('workerIdleMemoryLimit');
});

it("a program has an empty home that is not the user's, and it is removed", async () => {
  const { stdout } = await run('sh', ['-c', 'echo "$HOME"; touch "$HOME/x"; ls -A "$HOME"']);
  const [home = '', ...files] = stdout.trim().split('\n');
  expect(home).not.toBe(process.env.HOME);
  expect(files).toEqual(['x']);
  expect(existsSync(home)).toBe(false);
  const own = await run('sh', ['-c', 'echo "$HOME"'], { environment: { HOME: '/own' } });
  expect(own.stdout).toBe('/own\n');
});

it('ports are free, and none is handed out twice, nor may a client take it first', async () => {
  const [last = 0] = await freePorts(1);
  const taken = createServer().listen(last + 1, '127.0.0.1');
  await Promise.race([once(taken, 'listening'), once(taken, 'error')]);
  const ports = (await Promise.all(Array.from({ length: 20 }, () => freePorts(3)))).flat();
  taken.close();
  expect(new Set(ports).size).toBe(60);
  expect(ports).not.toContain(last + 1);
  const range = '/proc/sys/net/ipv4/ip_local_port_range';
  const [ephemeral = 0] = existsSync(range)
    ? readFileSync(range, 'utf8').split('\t').map(Number)
    : [];
  if (ephemeral > 21_000) expect(Math.max(...ports)).toBeLessThan(ephemeral);
});
