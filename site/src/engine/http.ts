/** A Prometheus server over HTTP. */
import type { EngineRequest, EngineResponse, Prometheus } from './types';

class HttpPrometheus implements Prometheus {
  /** The server's clock less ours, in seconds, as its last response told. */
  private skewSeconds = 0;

  constructor(private readonly baseUrl: string) {}

  async ask(path: string, request: EngineRequest = {}): Promise<EngineResponse> {
    const { method = 'GET', body, signal = null } = request;
    const type = /^[[{]/.test(body ?? '') ? 'application/json' : 'application/x-www-form-urlencoded';
    const headers = body === undefined ? undefined : { 'Content-Type': type };
    const response = await fetch(this.baseUrl + path, {
      method,
      signal,
      body: body ?? null,
      ...(headers && { headers }),
    });
    const date = Date.parse(response.headers.get('Date') ?? '');
    if (!Number.isNaN(date)) this.skewSeconds = Math.round((date - Date.now()) / 1000);
    return { status: response.status, body: await response.text() };
  }

  now(): Promise<number> {
    return Promise.resolve(Date.now() / 1000 + this.skewSeconds);
  }
}

/** The server at `baseUrl` (no slash at the end); "" is the page's own origin. */
export function httpPrometheus(baseUrl: string): Prometheus {
  return new HttpPrometheus(baseUrl);
}
