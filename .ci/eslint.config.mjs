// The rules for recsys_nb/static: names that exist, names that are used, one statement a line.
const browser = ['document', 'window', 'getComputedStyle', 'matchMedia', 'ResizeObserver', 'setTimeout', 'clearTimeout', 'fetch', 'URLSearchParams']

export default [{
  files: ['**/*.js'],
  languageOptions: {
    sourceType: 'script',
    globals: Object.fromEntries([...browser, 'map'].map(name => [name, 'readonly'])),
  },
  linterOptions: {reportUnusedDisableDirectives: 'error'},
  rules: {
    'no-undef': 'error', 'no-unused-vars': ['error', {vars: 'local'}], 'no-shadow': 'error', 'no-redeclare': 'error',
    'no-var': 'error', 'prefer-const': 'error', 'no-const-assign': 'error', 'no-dupe-keys': 'error', 'no-unreachable': 'error',
    'no-use-before-define': ['error', {functions: false}], 'no-unused-expressions': 'error', 'no-implied-eval': 'error', 'no-eval': 'error',
  },
}]
