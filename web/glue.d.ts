declare module '*.mjs' {
  const create: (
    options: import('./variants.ts').ModuleOptions,
  ) => Promise<import('./native.ts').NativeModule>;
  export default create;
}
