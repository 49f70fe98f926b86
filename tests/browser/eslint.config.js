// The chronicle's scripts are put into one page, one after another, and share its names.
export default [
  {
    files: ["**/*.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "script" },
    rules: {
      "no-unused-vars": ["error", { vars: "local" }],
      "no-var": "error",
      "prefer-const": "error",
      "eqeqeq": "error",
      "no-implied-eval": "error",
      "no-eval": "error",
      "no-shadow": "error",
      "no-undef": "off",
    },
  },
];
