// npm run test:differential: random PromQL to our server and to Debian's Prometheus, over the same data.
// `npm run test:differential -- --seed 7 --count 20000` chooses data and expressions.
import { join } from 'node:path';

import { bootstrap } from './lib/bootstrap.mjs';
import { cmakeBuild, serverOf } from './lib/build.mjs';
import { entry, root, run, step } from './lib/task.mjs';

await entry(async () => {
  await bootstrap();
  await step('native build', () => cmakeBuild('release', ['promenade', 'differential_data']));
  const program = join(root, 'tests/differential/run.mjs');
  await step('the same answers as Prometheus 2.42', () =>
    run('node', [program, ...process.argv.slice(2)], {
      env: { PROMENADE_BIN: serverOf('release') },
      echo: true,
    }),
  );
});
