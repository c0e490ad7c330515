package superweight.checkpoint;

/**
 * The sizes and constants of one decoder-only transformer, under Hugging Face's names.
 *
 * @param family which weights there are, and how its files are laid out
 * @param numHiddenLayers number of decoder layers
 * @param hiddenSize width of the residual stream
 * @param intermediateSize width between gate/up and down_proj
 * @param numAttentionHeads query heads
 * @param numKeyValueHeads key and value heads; divides {@code numAttentionHeads}
 * @param headDim width of one head
 * @param ropeTheta base of the rotary position embedding's wavelengths
 * @param ropeScaling what becomes of its frequencies
 * @param rmsNormEps added to the mean square before its root
 * @param vocabSize rows of the embedding
 * @param maxPositionEmbeddings longest sequence the model can be run on, in tokens; longer ones are refused
 * @param tieWordEmbeddings whether the output projection is the embedding itself
 */
public record ModelConfig(
        Family family,
        int numHiddenLayers,
        int hiddenSize,
        int intermediateSize,
        int numAttentionHeads,
        int numKeyValueHeads,
        int headDim,
        double ropeTheta,
        RopeScaling ropeScaling,
        double rmsNormEps,
        int vocabSize,
        int maxPositionEmbeddings,
        boolean tieWordEmbeddings) {}
