package superweight.checkpoint;

/**
 * One row of a GGUF file's tensor table.
 *
 * @param name the file's own name: {@code blk.11.ffn_down.weight}
 * @param type how its numbers are stored
 * @param shape outermost dimension first (the file lists them the other way round)
 * @param position where its data begins, in bytes from the start of the file
 * @param bytes length of its data
 */
public record GgufTensor(String name, TensorType type, Shape shape, long position, long bytes) {}
