// npm run bootstrap: installs what the project needs and builds nothing.
import { bootstrap } from './lib/bootstrap.mjs';
import { entry } from './lib/task.mjs';

await entry(bootstrap);
