import { lint } from './test/lint';
import { main } from './lib/main';

main(async () => ((await lint()) ? 0 : 1));
