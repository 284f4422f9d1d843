// A line between browser and server that is as slow as said: every connection shares its bandwidth, and every first byte
// of an answer waits for the way there and back. It slows workers as well as pages, which a browser's own throttling
// does not.
import { createServer, connect } from 'node:net';

const chunkBytes = 8 * 1024;

/**
 * @param {{ port: number, bitsPerSecond: number, roundTripMs: number }} options `port` of the server behind it
 * @returns {Promise<{ port: number, bytes: () => number, close: () => void }>}
 */
export async function slowLine({ port, bitsPerSecond, roundTripMs }) {
  let freeAt = 0;
  let sent = 0;
  const sockets = new Set();
  const server = createServer((browser) => {
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [browser, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => browser.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    browser.on('close', () => upstream.destroy());
    // What is still on its way comes first.
    upstream.on('close', () => setTimeout(() => browser.end(), Math.max(freeAt - performance.now(), 0) + roundTripMs));
    browser.on('data', (data) => setTimeout(() => upstream.write(data), roundTripMs / 2));
    upstream.on('data', (data) => {
      for (let at = 0; at < data.length; at += chunkBytes) {
        const chunk = data.subarray(at, at + chunkBytes);
        const now = performance.now();
        freeAt = Math.max(freeAt, now) + (chunk.length * 8000) / bitsPerSecond;
        sent += chunk.length;
        setTimeout(() => browser.writable && browser.write(chunk), freeAt - now + roundTripMs / 2);
      }
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port: server.address().port, bytes: () => sent, close };
}
