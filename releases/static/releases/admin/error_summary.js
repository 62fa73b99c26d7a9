// After a refused save the reader stands at what was refused.
document.querySelector(".error-summary")?.focus();
