import { rowsAgreeWithPyTorch } from './lib/agree.ts';

rowsAgreeWithPyTorch({ simd: 'simd', threads: 1 });
