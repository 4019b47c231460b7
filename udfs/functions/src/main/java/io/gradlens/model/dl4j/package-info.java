/** What DL4J lacks of other frameworks' networks, as parts that its archives can hold. */
package io.gradlens.model.dl4j;
