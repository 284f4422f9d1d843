/**
 * The sidebar: each folder of ../course with a module.yaml is a module, each .mdx in it a lesson, in the order of
 * their names.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

import { lessonSlug, moduleSchema } from '../src/content/course';

export function courseSidebar(course: URL) {
  const folders = readdirSync(fileURLToPath(course), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .filter((folder) => existsSync(fileURLToPath(new URL(`${folder}/module.yaml`, course))))
    .sort();
  return [
    { label: 'Course', link: '/course/' },
    { label: 'Your progress', link: '/progress/' },
    { label: 'Glossary', link: '/glossary/' },
    { label: 'Functions', link: '/functions/' },
    { label: 'Misconceptions', link: '/misconceptions/' },
    ...folders.map((folder) => ({
      label: moduleTitle(new URL(`${folder}/module.yaml`, course)),
      items: readdirSync(fileURLToPath(new URL(`${folder}/`, course)))
        .filter((file) => file.endsWith('.mdx'))
        .sort()
        .map((file) => lessonSlug(`${folder}/${file}`)),
    })),
  ];
}

function moduleTitle(file: URL): string {
  return moduleSchema.parse(parse(readFileSync(fileURLToPath(file), 'utf8'))).title;
}
