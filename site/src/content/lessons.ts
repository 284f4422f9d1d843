/** The course in the order of its files, with each lesson's exercises. */
import { getCollection } from 'astro:content';

import { withBase } from '../text/address';
import { lessonSlug } from './course';

export interface Lesson {
  readonly number: string;
  readonly title: string;
  readonly description: string;
  readonly href: string;
  readonly exercises: readonly string[];
}

export interface Module {
  readonly title: string;
  readonly goal: string;
  readonly lessons: readonly Lesson[];
}

export async function courseModules(): Promise<Module[]> {
  const [modules, lessons, exercises] = await Promise.all([
    getCollection('modules'),
    getCollection('docs'),
    getCollection('exercises'),
  ]);
  const lessonsOf = (folder: string) =>
    lessons
      .filter(({ id }) => id.startsWith(`${lessonSlug(folder)}/`))
      .map(({ id, data }) => ({
        number: data.number ?? '',
        title: data.title,
        description: data.description ?? '',
        href: withBase(import.meta.env.BASE_URL, `/${id}/`),
        exercises: exercises
          .filter((exercise) => lessonSlug(exercise.data.lesson) === id)
          .map((exercise) => exercise.id)
          .sort(),
      }))
      .sort((a, b) => a.number.localeCompare(b.number, 'en', { numeric: true }));
  return modules
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, data }) => ({ ...data, lessons: lessonsOf(id) }));
}
