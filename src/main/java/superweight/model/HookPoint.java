package superweight.model;

/**
 * A named place in the forward pass, under TransformerLens' names.
 *
 * @param layer decoder layer, from 0
 * @param site where in the layer
 */
public record HookPoint(int layer, Site site) {
    /** The places of one decoder layer, in the order the forward pass meets them. */
    public enum Site {
        /** The residual stream before the layer, {@code [T, hidden]}. */
        RESID_PRE("hook_resid_pre"),
        /** What input_layernorm gives, the input of q_proj, k_proj and v_proj, {@code [T, hidden]}. */
        LN1_OUT("ln1.hook_out"),
        /** Attention's probabilities after the softmax, {@code [heads, T, T]}: queries down, keys across. */
        PATTERN("attn.hook_pattern"),
        /** What the heads read, side by side, the input of o_proj, {@code [T, heads * headDim]}. */
        Z("attn.hook_z"),
        /** What attention adds to the residual stream, {@code [T, hidden]}. */
        ATTN_OUT("hook_attn_out"),
        /** The residual stream between attention and MLP, {@code [T, hidden]}. */
        RESID_MID("hook_resid_mid"),
        /** What post_attention_layernorm gives, the input of gate_proj and up_proj, {@code [T, hidden]}. */
        LN2_OUT("ln2.hook_out"),
        /** The input of down_proj, {@code [T, intermediate]}. */
        MLP_POST("mlp.hook_post"),
        /** The output of down_proj, what the MLP adds to the residual stream, {@code [T, hidden]}. */
        MLP_OUT("hook_mlp_out"),
        /** The residual stream after the layer, {@code [T, hidden]}. */
        RESID_POST("hook_resid_post");

        private final String label;

        Site(String label) {
            this.label = label;
        }
    }

    @Override
    public String toString() {
        return "blocks." + layer + "." + site.label;
    }
}
