/** What the page needs to judge an answer and to explain it afterwards: /exercises/<id>.json */
import type { APIRoute, GetStaticPaths } from 'astro';
import { getCollection, getEntry } from 'astro:content';

import { parseMarkdown } from '../../text/markdown';

export const getStaticPaths: GetStaticPaths = async () =>
  (await getCollection('exercises')).map(({ id }) => ({ params: { id } }));

export const GET: APIRoute = async ({ params }) => {
  const entry = await getEntry('exercises', params['id'] ?? '');
  if (!entry) return new Response(null, { status: 404 });
  const { source, reference, equivalents, explanation } = entry.data;
  return Response.json({ source, reference, equivalents, explanation: parseMarkdown(explanation) });
};
