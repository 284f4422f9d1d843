/**
 * The answers of an exercise in several steps: each step has its own place, and the answer is all of them, with lines
 * of `---` between two.
 */
import { PromenadeAnswer } from '../elements/answer';
import { PromenadeSandbox } from '../elements/sandbox';
import { utf16Offset } from '../editor/offsets';
import type { AnswerForm, FormOptions } from './form';

const line = '\n---\n';

export function splitSteps(text: string): string[] {
  return text.split(/^[ \t]*---[ \t]*(?:\n|$)/m).map((step) => step.replace(/\n$/, ''));
}

export function joinSteps(steps: readonly string[]): string {
  return steps.map((step) => step.replace(/\n+$/, '')).join(line);
}

export async function openForm({ root, text, onChange }: FormOptions): Promise<AnswerForm> {
  const fields = [...root.querySelectorAll('promenade-answer, promenade-sandbox')].filter(
    (field) => field instanceof PromenadeAnswer || field instanceof PromenadeSandbox,
  );
  for (const [index, step] of splitSteps(text).entries()) fields[index]?.setQuery(step);
  const forms = await Promise.all(fields.map((field) => field.open()));
  const steps = () => forms.map((form) => form.text);
  for (const field of fields) {
    field.addEventListener('sandbox-change', (event) => {
      event.stopPropagation();
      onChange(joinSteps(steps()));
    });
  }
  return {
    get text() {
      return joinSteps(steps());
    },
    set text(value) {
      const wanted = splitSteps(value);
      for (const [index, form] of forms.entries()) form.text = wanted[index] ?? '';
    },
    focus: () => forms[0]?.focus(),
    showProblem: (problem) => {
      const all = steps();
      const at = problem.span ? utf16Offset(joinSteps(all), problem.span.start) : 0;
      const { index, begin } = stepAt(all, at);
      const offset = new TextEncoder().encode(joinSteps(all).slice(0, begin)).length;
      const span = problem.span && {
        start: problem.span.start - offset,
        end: problem.span.end - offset,
      };
      forms[index]?.showProblem({ ...problem, ...(span && { span }) });
    },
  };
}

/** The step that holds the character at `at` of the joined text, and where the step begins. */
export function stepAt(steps: readonly string[], at: number): { index: number; begin: number } {
  let begin = 0;
  for (const [index, step] of steps.entries()) {
    const end = begin + step.replace(/\n+$/, '').length;
    if (at <= end || index === steps.length - 1) return { index, begin };
    begin = end + line.length;
  }
  return { index: 0, begin: 0 };
}
