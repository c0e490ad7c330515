package superweight.model;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript module made of text: no Python, no file and no weights.
 *
 * <p>It reaches operations of libtorch that NDArray lacks. What TorchScript saves is a zip archive with the text of the
 * methods and a pickled object to call them on; here the object has nothing in it.
 */
final class TorchScriptModule {
    private static final String CLASS = "Kernels";

    private static final String HEAD = """
            class %s(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
            """.formatted(CLASS);

    /** Pickle, protocol 2: an object of the class above with {@code training = False}. */
    private static final String OBJECT = "\u0080\2c__torch__\n" + CLASS + "\n)\u0081}(X\b\0\0\0training\u0089ub.";

    /** Pickle, protocol 2: the empty tuple. */
    private static final String NO_CONSTANTS = "\u0080\2).";

    private final NDManager manager;
    private final PtSymbolBlock module;

    private TorchScriptModule(NDManager manager, PtSymbolBlock module) {
        this.manager = manager;
        this.module = module;
    }

    /**
     * Compiles some methods.
     *
     * @param manager owns the module
     * @param methods in TorchScript's serialized form, indented by two spaces
     * @throws EngineException if this build of libtorch lacks an operation that the text names
     */
    static TorchScriptModule compile(NDManager manager, String methods) {
        try {
            ByteArrayInputStream archive = new ByteArrayInputStream(archive(HEAD + methods));
            return new TorchScriptModule(manager, JniUtils.loadModule((PtNDManager) manager, archive, true, false));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // cannot be: it is all in memory
        }
    }

    /** A method of the module by its name. */
    Method method(String name) {
        NDArray tag = manager.create(0f);
        // The engine takes the name of the method to call from the name of one of the arguments.
        tag.setName("module_method:" + name);
        return new Method(module, tag);
    }

    /** A method, ready to be called. */
    record Method(PtSymbolBlock module, NDArray tag) {
        /** Calls it on arrays; the result belongs to the manager of the first. */
        NDArray call(NDArray... arguments) {
            NDList list = new NDList(arguments);
            list.add(tag);
            // As in training, for what inference mode makes can be neither written to nor differentiated later on.
            return IValueUtils.forward(module, list, true).singletonOrThrow();
        }
    }

    private static byte[] archive(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            add(zip, "data.pkl", OBJECT.getBytes(StandardCharsets.ISO_8859_1));
            add(zip, "code/__torch__.py", text.getBytes(StandardCharsets.UTF_8));
            add(zip, "constants.pkl", NO_CONSTANTS.getBytes(StandardCharsets.ISO_8859_1));
            add(zip, "version", "3\n".getBytes(StandardCharsets.UTF_8));
            add(zip, "byteorder", "little".getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    /** TorchScript reads entries that are not compressed; of these, zip wants size and checksum beforehand. */
    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry("kernels/" + name);
        CRC32 checksum = new CRC32();
        checksum.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
