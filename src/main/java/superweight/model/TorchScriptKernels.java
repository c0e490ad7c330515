package superweight.model;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import superweight.model.TorchScriptModule.Method;

/** Kernels of libtorch that NDArray does not offer, each one operation or nearly so. */
final class TorchScriptKernels implements Kernels {
    /**
     * A stored weight is converted and multiplied by 512 rows at a time: what is made of them stays in the caches. To
     * lay them out for oneDNN costs more than it saves for the few tokens of a prompt.
     * RMSNorm's result lies where the squares did: torch.rms_norm, equal to the bit, takes one array more.
     */
    private static final String METHODS = """
              def to_float32(self: __torch__.Kernels, weight: Tensor) -> Tensor:
                return torch.to(weight, 6, False, True)
              def linear_stored(self: __torch__.Kernels, x: Tensor, weight: Tensor) -> Tensor:
                products = annotate(List[Tensor], [])
                few = torch.lt(torch.size(x, 0), 48)
                for rows in torch.split(weight, 512):
                  if few:
                    product = torch.linear(x, torch.to(rows, 6))
                  else:
                    product = (self).linear_once(x, torch.to(rows, 6))
                  _0 = torch.append(products, product)
                return torch.cat(products, -1)
              def stored_row(self: __torch__.Kernels, weight: Tensor, row: Tensor) -> Tensor:
                return torch.to(torch.select(weight, 0, int(row)), 6, False, True)
              def packed_row(self: __torch__.Kernels, packed: Tensor, row: Tensor) -> Tensor:
                return (self).stored_row((self).unpack(packed), row)
              def rms_norm(self: __torch__.Kernels, x: Tensor, weight: Tensor, eps: Tensor) -> Tensor:
                squares = torch.mul(x, x)
                scale = torch.rsqrt_(torch.add_(torch.mean(squares, [-1], True), float(eps)))
                return torch.mul_(torch.mul(x, scale, out=squares), weight)
              def swiglu(self: __torch__.Kernels, gate: Tensor, up: Tensor) -> Tensor:
                return torch.mul_(torch.silu(gate), up)
              def rotate(self: __torch__.Kernels, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
                half = torch.size(cos, -1)
                first = torch.narrow(x, -1, 0, half)
                second = torch.narrow(x, -1, half, half)
                turned = torch.mul(x, torch.cat([cos, cos], -1))
                _0 = torch.addcmul_(torch.narrow(turned, -1, 0, half), second, sin, value=-1)
                _1 = torch.addcmul_(torch.narrow(turned, -1, half, half), first, sin)
                return turned
              def attention(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
                return (self).attend(q, k, v, None, True)
              def attention_masked(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
                return (self).attend(q, k, v, mask, False)
              def attend(self: __torch__.Kernels,
                  q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor], causal: bool) -> Tensor:
                group = torch.floordiv(torch.size(q, 0), torch.size(k, 0))
                keys = torch.unsqueeze(torch.repeat_interleave(k, group, 0), 0)
                values = torch.unsqueeze(torch.repeat_interleave(v, group, 0), 0)
                z = torch.scaled_dot_product_attention(torch.unsqueeze(q, 0), keys, values, mask, 0., causal)
                return torch.squeeze(z, 0)
            """;

    /** The product of activations and weight: what a build of libtorch has for it. */
    enum Linear {
        /** oneDNN's, about twice as fast here as the one of MKL that torch.linear calls; it lays weights out anew. */
        ONEDNN("oneDNN kernels by TorchScript", """
                  def pack(self: __torch__.Kernels, weight: Tensor) -> Tensor:
                    return ops.mkldnn._reorder_linear_weight(weight, None)
                  def unpack(self: __torch__.Kernels, packed: Tensor) -> Tensor:
                    return torch.to_dense(packed)
                  def linear(self: __torch__.Kernels, x: Tensor, packed: Tensor) -> Tensor:
                    options = annotate(List[Optional[number]], [])
                    return ops.mkldnn._linear_pointwise(x, packed, None, "none", options, "")
                  def linear_once(self: __torch__.Kernels, x: Tensor, weight: Tensor) -> Tensor:
                    return (self).linear(x, (self).pack(weight))
                """),

        /** For builds without oneDNN, which those for other processors than x86 may be. */
        TORCH("torch kernels by TorchScript", """
                  def pack(self: __torch__.Kernels, weight: Tensor) -> Tensor:
                    return torch.clone(weight)
                  def unpack(self: __torch__.Kernels, packed: Tensor) -> Tensor:
                    return torch.clone(packed)
                  def linear(self: __torch__.Kernels, x: Tensor, packed: Tensor) -> Tensor:
                    return torch.linear(x, packed)
                  def linear_once(self: __torch__.Kernels, x: Tensor, weight: Tensor) -> Tensor:
                    return torch.linear(x, weight)
                """);

        private final String label;
        private final String methods;

        Linear(String label, String methods) {
            this.label = label;
            this.methods = methods;
        }
    }

    /** How a weight is held and multiplied by. */
    private record Product(Method pack, Method unpack, Method unpackRow, Method linear) {}

    private record Operations(
            Product packed,
            Product stored,
            Method rmsNorm,
            Method swiGlu,
            Method rotate,
            Method attention,
            Method maskedAttention) {}

    private final Linear variant;
    private final Operations operations;
    private final Product product;

    private TorchScriptKernels(Linear variant, Operations operations, Product product) {
        this.variant = variant;
        this.operations = operations;
        this.product = product;
    }

    /**
     * @param manager owns the compiled kernels
     * @throws EngineException if this build of libtorch does not have them
     */
    static TorchScriptKernels load(NDManager manager, Linear variant) {
        TorchScriptModule module = TorchScriptModule.compile(manager, METHODS + variant.methods);
        Method copy = module.method("to_float32");
        Operations operations = new Operations(
                new Product(
                        module.method("pack"),
                        module.method("unpack"),
                        module.method("packed_row"),
                        module.method("linear")),
                new Product(copy, copy, module.method("stored_row"), module.method("linear_stored")),
                module.method("rms_norm"),
                module.method("swiglu"),
                module.method("rotate"),
                module.method("attention"),
                module.method("attention_masked"));
        return new TorchScriptKernels(variant, operations, operations.packed);
    }

    @Override
    public String name() {
        return variant.label;
    }

    @Override
    public NDArray pack(NDArray weight) {
        return product.pack.call(weight);
    }

    @Override
    public NDArray unpack(NDArray packed) {
        return product.unpack.call(packed);
    }

    @Override
    public NDArray unpackRow(NDArray packed, int row) {
        try (NDArray index = packed.getManager().create(row)) {
            return product.unpackRow.call(packed, index);
        }
    }

    @Override
    public NDArray linear(NDArray x, NDArray packed) {
        return product.linear.call(x, packed);
    }

    @Override
    public NDArray rmsNorm(NDArray x, NDArray weight, double eps) {
        try (NDArray epsilon = x.getManager().create(eps)) { // arguments are arrays
            return operations.rmsNorm.call(x, weight, epsilon);
        }
    }

    @Override
    public NDArray swiGlu(NDArray gate, NDArray up) {
        return operations.swiGlu.call(gate, up);
    }

    @Override
    public NDArray rotate(NDArray x, NDArray cos, NDArray sin) {
        return operations.rotate.call(x, cos, sin);
    }

    @Override
    public NDArray attention(NDArray q, NDArray k, NDArray v) {
        return operations.attention.call(q, k, v);
    }

    @Override
    public NDArray attention(NDArray q, NDArray k, NDArray v, NDArray mask) {
        return operations.maskedAttention.call(q, k, v, mask);
    }

    @Override
    public Kernels forStoredWeights() {
        return new TorchScriptKernels(variant, operations, operations.stored);
    }
}
