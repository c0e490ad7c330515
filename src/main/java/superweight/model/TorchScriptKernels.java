package superweight.model;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import superweight.model.TorchScriptModule.Method;

/** Kernels of libtorch that NDArray does not offer, each one operation or nearly so. */
final class TorchScriptKernels implements Kernels {
    private static final String METHODS = """
              def rms_norm(self: __torch__.Kernels, x: Tensor, weight: Tensor, eps: Tensor) -> Tensor:
                return torch.rms_norm(x, [torch.size(weight, 0)], weight, float(eps))
              def swiglu(self: __torch__.Kernels, gate: Tensor, up: Tensor) -> Tensor:
                return torch.mul_(torch.silu(gate), up)
              def attention(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
                group = torch.floordiv(torch.size(q, 0), torch.size(k, 0))
                keys = torch.unsqueeze(torch.repeat_interleave(k, group, 0), 0)
                values = torch.unsqueeze(torch.repeat_interleave(v, group, 0), 0)
                z = torch.scaled_dot_product_attention(torch.unsqueeze(q, 0), keys, values, None, 0., True)
                return torch.squeeze(z, 0)
            """;

    /** The product of activations and weight: what a build of libtorch has for it. */
    enum Linear {
        /** oneDNN's, about twice as fast here as MKL's, which torch.linear calls; it has its own layouts of a weight. */
        ONEDNN("oneDNN kernels by TorchScript", """
                  def pack(self: __torch__.Kernels, weight: Tensor) -> Tensor:
                    return ops.mkldnn._reorder_linear_weight(weight, None)
                  def unpack(self: __torch__.Kernels, packed: Tensor) -> Tensor:
                    return torch.to_dense(packed)
                  def linear(self: __torch__.Kernels, x: Tensor, packed: Tensor) -> Tensor:
                    options = annotate(List[Optional[number]], [])
                    return ops.mkldnn._linear_pointwise(x, packed, None, "none", options, "")
                """),

        /** For builds without oneDNN, which those for other processors than x86 may be. */
        TORCH("torch kernels by TorchScript", """
                  def pack(self: __torch__.Kernels, weight: Tensor) -> Tensor:
                    return torch.clone(weight)
                  def unpack(self: __torch__.Kernels, packed: Tensor) -> Tensor:
                    return torch.clone(packed)
                  def linear(self: __torch__.Kernels, x: Tensor, packed: Tensor) -> Tensor:
                    return torch.linear(x, packed)
                """);

        private final String label;
        private final String methods;

        Linear(String label, String methods) {
            this.label = label;
            this.methods = methods;
        }
    }

    private final Linear variant;
    private final Method pack;
    private final Method unpack;
    private final Method linear;
    private final Method rmsNorm;
    private final Method swiGlu;
    private final Method attention;

    private TorchScriptKernels(Linear variant, TorchScriptModule module) {
        this.variant = variant;
        this.pack = module.method("pack");
        this.unpack = module.method("unpack");
        this.linear = module.method("linear");
        this.rmsNorm = module.method("rms_norm");
        this.swiGlu = module.method("swiglu");
        this.attention = module.method("attention");
    }

    /**
     * @param manager owns the compiled kernels
     * @throws EngineException if this build of libtorch does not have them
     */
    static TorchScriptKernels load(NDManager manager, Linear variant) {
        return new TorchScriptKernels(variant, TorchScriptModule.compile(manager, METHODS + variant.methods));
    }

    @Override
    public String name() {
        return variant.label;
    }

    @Override
    public NDArray pack(NDArray weight) {
        return pack.call(weight);
    }

    @Override
    public NDArray unpack(NDArray packed) {
        return unpack.call(packed);
    }

    @Override
    public NDArray linear(NDArray x, NDArray packed) {
        return linear.call(x, packed);
    }

    @Override
    public NDArray rmsNorm(NDArray x, NDArray weight, double eps) {
        try (NDArray epsilon = x.getManager().create(eps)) { // arguments are arrays
            return rmsNorm.call(x, weight, epsilon);
        }
    }

    @Override
    public NDArray swiGlu(NDArray gate, NDArray up) {
        return swiGlu.call(gate, up);
    }

    @Override
    public NDArray attention(NDArray q, NDArray k, NDArray v) {
        return attention.call(q, k, v);
    }

    @Override
    public NDArray attention(NDArray q, NDArray k, NDArray v, NDArray mask) {
        return new NdArrayKernels().attention(q, k, v, mask);
    }

    @Override
    public NDArray rotate(NDArray x, NDArray cos, NDArray sin) {
        return new NdArrayKernels().rotate(x, cos, sin);
    }

    @Override
    public Kernels forStored() {
        return new NdArrayKernels().forStored();
    }
}
