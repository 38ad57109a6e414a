import { rowsAgreeWithPyTorch } from './lib/agree.ts';

rowsAgreeWithPyTorch({ simd: 'relaxed', threads: 1 });
