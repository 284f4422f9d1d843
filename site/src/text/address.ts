/** Addresses inside the site, which may be served from a sub-path. */

/** @example withBase('/', '/query/') // => '/query/'; withBase('/promenade', '/query/') // => '/promenade/query/' */
export function withBase(base: string, path: string): string {
  return base.replace(/\/$/, '') + path;
}
