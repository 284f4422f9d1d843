// Feeds the fleet to servers by remote write.
import { spawn } from 'node:child_process';

/** The bodies that write_fleet prints, one after another. */
async function* bodies(program, endMs) {
  const child = spawn(program, [String(endMs)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let pending = Buffer.alloc(0);
  for await (const chunk of child.stdout) {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32LE(0)) {
      const end = 4 + pending.readUInt32LE(0);
      yield pending.subarray(4, end);
      pending = pending.subarray(end);
    }
  }
  if (pending.length > 0) throw new Error(`${program} ended within a body`);
}

/** Writes the same bytes to all servers; tells how many, and how long each server worked on them. */
export async function loadFleet(program, endMs, servers) {
  let bytes = 0;
  for await (const body of bodies(program, endMs)) {
    bytes += body.length;
    for (const server of servers) await server.write(body);
  }
  const cpu = servers.map((server) => `${server.name} ${server.cpuSeconds().toFixed(1)} s of CPU`);
  return `${(bytes / 1e6).toFixed(0)} MB; ${cpu.join(', ')}`;
}
