// Brings a fresh Debian 12 machine with Node.js and npm to where the project builds: Debian packages,
// npm packages, and the sources that are compiled with ours.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root, run, step, whenChanged } from './task.mjs';

const packageList = join(root, 'cmake/debian-packages.txt');
const thirdParty = join(root, 'third_party');
/**
 * Debian source package -> its folder in third_party/. The first four are compiled for WebAssembly
 * (cmake/third_party_wasm.cmake); musl gives the native build the C library's mathematics that
 * Emscripten has (cmake/third_party.cmake).
 */
const sourcePackages = { re2: 're2', 'yaml-cpp': 'yaml-cpp', fmtlib: 'fmt', snappy: 'snappy', musl: 'musl' };

export async function bootstrap() {
  await step('Debian packages', debianPackages);
  await step('npm packages', npmPackages);
  await step('third-party sources', thirdPartySources);
}

function capture(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout : '';
}

/** Runs a command as root, through sudo where we aren't. */
function asRoot([command, ...args]) {
  const environment = { DEBIAN_FRONTEND: 'noninteractive' };
  if (process.getuid?.() === 0) return run(command, args, { env: environment });
  return run('sudo', ['-E', command, ...args], { env: environment });
}

const aptGet = (args) => asRoot(['apt-get', ...args]);

async function debianPackages() {
  const wanted = readFileSync(packageList, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('#'));
  if (!capture('which', ['dpkg-query'])) {
    throw new Error(`This is not Debian. Install what ${packageList} lists by your system's own means, then run the cmake presets.`);
  }
  const installed = new Set(
    capture('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n'])
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  const missing = wanted.filter((name) => !installed.has(name));
  if (missing.length === 0) return `all ${wanted.length} installed`;
  console.log(`    installing ${missing.join(' ')}`);
  await aptGet(['update']);
  await withoutServiceStarts(() => aptGet(['install', '-y', '--no-install-recommends', ...missing]));
  return `installed ${missing.length}`;
}

/**
 * Prometheus and node_exporter are here to be started by us, so their packages may not start services of their
 * own: Debian asks /usr/sbin/policy-rc.d, and 101 means no. A machine that has such a policy keeps it.
 */
async function withoutServiceStarts(install) {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return install();
  await asRoot(['sh', '-c', `printf '#!/bin/sh\\nexit 101\\n' > ${policy} && chmod 755 ${policy}`]);
  try {
    return await install();
  } finally {
    await asRoot(['rm', '-f', policy]);
  }
}

async function npmPackages() {
  const lock = join(root, 'package-lock.json');
  if (!existsSync(join(root, 'node_modules'))) rmSync(join(root, 'build/stamps/npm'), { force: true });
  return whenChanged('npm', [lock], async () => {
    await run('npm', ['ci', '--no-audit', '--no-fund'], { env: await newerNode(lock) });
    const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/node'), ['--version'], { encoding: 'utf8' });
    if (status !== 0) throw new Error('node_modules/.bin/node does not run: remove node_modules and try again.');
    return `installed; scripts run on Node ${stdout.trim()}`;
  });
}

/**
 * npm leaves out optional packages whose `engines` the running Node is too old for, the bundler's native part
 * among them, though our scripts run on the Node 22 that the same lock file brings. So under an older Node, Debian's
 * 18 say, that Node 22 comes first and on its own, and npm then runs on it.
 */
async function newerNode(lock) {
  const { version } = JSON.parse(readFileSync(lock, 'utf8')).packages['node_modules/node'];
  const major = (text) => Number(text.split('.')[0]);
  if (major(process.versions.node) >= major(version)) return {};
  const folder = join(root, 'build/node');
  const bin = join(folder, 'node_modules/.bin');
  if (!existsSync(join(bin, 'node'))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "allowScripts": { "node": true } }\n');
    await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', `node@${version}`], { cwd: folder });
  }
  return { PATH: `${bin}:${process.env.PATH}` };
}

/**
 * Debian's source packages, through a source list of our own made from the machine's binary
 * one: the same mirrors and suites with deb-src in front, kept in third_party/apt.
 */
async function thirdPartySources() {
  const missing = Object.entries(sourcePackages).filter(([, folder]) => !existsSync(join(thirdParty, folder, '.complete')));
  if (missing.length === 0) return 'up to date';
  const apt = join(thirdParty, 'apt');
  mkdirSync(join(apt, 'lists/partial'), { recursive: true });
  const targets = capture('apt-get', ['indextargets', '--format', '$(ORIGIN)|$(SITE)|$(RELEASE)|$(COMPONENT)', 'Created-By: Packages']);
  const lines = [...new Set(targets.split('\n').filter((line) => line.startsWith('Debian|')))].map((line) => {
    const [, site, release, component] = line.split('|');
    return `deb-src ${site} ${release} ${component}`;
  });
  if (lines.length === 0) throw new Error("apt-get lists no Debian archive: run 'apt-get update' as root, then try again.");
  writeFileSync(join(apt, 'sources.list'), `${lines.join('\n')}\n`);
  const options = [
    ['Dir::Etc::sourcelist', join(apt, 'sources.list')],
    ['Dir::Etc::sourceparts', '/dev/null'],
    ['Dir::State::Lists', join(apt, 'lists')],
    ['APT::Sandbox::User', ''],
  ].flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  await run('apt-get', [...options, 'update']);
  for (const [name, folder] of missing) await unpackSource(options, name, folder);
  return `unpacked ${missing.map(([name]) => name).join(', ')}`;
}

async function unpackSource(options, name, folder) {
  const work = join(thirdParty, `${folder}.unpacking`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  await run('apt-get', [...options, 'source', '--only-source', name], { cwd: work });
  const [unpacked] = readdirSync(work, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const target = join(thirdParty, folder);
  rmSync(target, { recursive: true, force: true });
  renameSync(join(work, unpacked.name), target);
  rmSync(work, { recursive: true, force: true });
  if (name === 're2') await generateRe2Tables(target);
  writeFileSync(join(target, '.complete'), '');
}

/** Debian's RE2 source leaves out its generated Unicode tables; Debian's own Python has what makes them. */
function generateRe2Tables(directory) {
  const tables = ['re2/perl_groups.cc', 're2/unicode_casefold.cc', 're2/unicode_groups.cc'];
  return run('make', ['REBUILD_TABLES=1', ...tables], { cwd: directory, env: { PATH: '/usr/bin:/bin' } });
}
