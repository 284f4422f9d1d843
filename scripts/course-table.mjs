// npm run course:table: what the course holds, counted from its files. With -- --rows also the table of the guides' rows,
// each with the lesson and the exercises that teach it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { countBy, courseExercises, courseModules, coverageRows, missingExercises } from './lib/course.mjs';
import { root } from './lib/task.mjs';

const modules = courseModules(root);
const exercises = courseExercises(root);
const rows = coverageRows(root);
const lessons = modules.flatMap((module) => module.lessons);
const sum = (values) => values.reduce((all, value) => all + value, 0);
const line = (name, ...values) => console.log(`${name.padEnd(34)}${values.map((value) => String(value).padStart(8)).join('')}`);

line('module', 'lessons', 'exerc.', 'predict', 'live', 'shell');
for (const { folder, title, lessons: own } of modules) {
  const held = exercises.filter(({ lesson }) => lesson.startsWith(`${folder}/`));
  const total = (key) => sum(own.map((lesson) => lesson[key]));
  line(title, own.length, held.length, total('predictions'), total('live'), total('shellCommands'));
}
const all = (key) => sum(lessons.map((lesson) => lesson[key]));
line('all', lessons.length, exercises.length, all('predictions'), all('live'), all('shellCommands'));

const list = (counts) => counts.map(([name, count]) => `${name} ${count}`).join(', ');
const glossary = Object.keys(parse(readFileSync(join(root, 'course/glossary.yaml'), 'utf8')));
console.log(`\nexercises by kind: ${list(countBy(exercises.map(({ kind }) => kind)))}`);
console.log(`concepts: ${sum(lessons.map(({ objectives }) => objectives.length))} objectives, ${glossary.length} words of the glossary`);
console.log(`code blocks in the text: ${list(countBy(lessons.flatMap(({ blocks }) => blocks)))}`);

const missing = missingExercises(root);
const known = new Set(exercises.map(({ id }) => id));
const withOne = rows.filter((row) => row.exercises.some((id) => known.has(id)));
console.log(`\nrows of the guides: ${rows.length}, ${withOne.length} of them with an exercise that is there`);
if (missing.length > 0) console.log(`exercises that rows name and that are not there yet: ${missing.length} (${missing.join(', ')})`);

if (process.argv.includes('--rows')) {
  const titles = new Map(lessons.map(({ number, title }) => [number, title]));
  console.log('');
  for (const { id, about, lessons: own, exercises: ids } of rows) {
    const places = own.map((number) => `${number} ${titles.get(number) ?? '(no such lesson)'}`).join('; ');
    console.log([id, about, places, ids.map((each) => (known.has(each) ? each : `${each} (not yet)`)).join(' ')].join(' | '));
  }
}
