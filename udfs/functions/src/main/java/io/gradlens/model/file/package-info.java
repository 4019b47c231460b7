/** What kind of model a file holds, and what is said of one that is damaged. */
package io.gradlens.model.file;
