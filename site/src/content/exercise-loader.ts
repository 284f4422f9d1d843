/** Loads exercises/<module>/<id>.yaml. A broken file fails the build with file, line and reason. */
import { readFile, readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Loader } from 'astro/loaders';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';

import { exerciseFileSchema, type ExerciseFile } from './exercise-schema';

/** Parses one file. Throws `FILE:LINE:COLUMN: reason` for the first thing that is wrong. */
export function parseExercise(file: string, source: string): ExerciseFile {
  const lines = new LineCounter();
  const fail = (offset: number, reason: string): never => {
    const { line, col } = lines.linePos(offset);
    throw new Error(`${file}:${line}:${col}: ${reason}`);
  };
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const [syntax] = document.errors;
  if (syntax) fail(syntax.pos[0], `${syntax.message} Mend the YAML.`);
  const parsed = exerciseFileSchema.safeParse(document.toJS());
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const path = issue.path.map(String);
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    return fail(offsetOf(document, path, unknown), `${path.join('.') || 'exercise'}: ${issue.message}`);
  }
  const expected = basename(file, '.yaml');
  if (parsed.data.id !== expected) {
    fail(offsetOf(document, ['id']), `id is "${parsed.data.id}" but the file's name says "${expected}".`);
  }
  return parsed.data;
}

/** Where the deepest existing node on `path` starts, or the key named `key` in it. */
function offsetOf(document: Document.Parsed, path: string[], key?: string): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const keys = path.slice(0, depth).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    const node = depth > 0 ? document.getIn(keys, true) : document.contents;
    if (!isNode(node)) continue;
    const pair = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && item.key.value === key)
      : undefined;
    const place = isNode(pair?.key) ? pair.key : node;
    return place.range?.[0] ?? 0;
  }
  return 0;
}

export function exerciseLoader(folder: string): Loader {
  return {
    name: 'exercise-loader',
    load: async (context) => {
      const { store, config, watcher } = context;
      const root = fileURLToPath(new URL(`${folder}/`, config.root));
      const loadAll = async () => {
        store.clear();
        const files = (await readdir(root, { recursive: true }))
          .filter((file) => file.endsWith('.yaml'))
          .sort();
        for (const file of files) {
          const path = join(root, file);
          const source = await readFile(path, 'utf8');
          const fields = parseExercise(relative(process.cwd(), path), source);
          if (store.has(fields.id)) throw new Error(`${file}: id ${fields.id} is used by two files.`);
          const data = await context.parseData({
            id: fields.id,
            data: { ...fields, source },
            filePath: path,
          });
          store.set({ id: fields.id, data, digest: context.generateDigest(source) });
        }
      };
      await loadAll();
      watcher?.add(root);
      watcher?.on('change', (changed) => {
        if (changed.startsWith(root)) void loadAll();
      });
    },
  };
}
