package io.gradlens.model.graph;

import java.io.Serializable;

/**
 * What a network takes in.
 *
 * @param height rows, or −1 where any will do
 * @param width columns, or −1 where any will do
 * @param channels 1 or 3 for pictures
 */
public record InputShape(int height, int width, int channels) implements Serializable {}
