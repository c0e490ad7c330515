package superweight.quantize;

import superweight.model.Coordinate;

/**
 * A weight that is kept when its matrix is quantized.
 *
 * @param at its place in down_proj
 * @param original its value
 * @param quantized what quantization would have made of it
 * @param written its value in the type of the file: the original's wherever that type holds it
 */
public record HeldOutWeight(Coordinate at, float original, float quantized, float written) {}
