package superweight.model;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/** Looks on while an interface is used. */
final class Observed {
    private Observed() {}

    /** A method that is about to be called. */
    record Call(String method, Object... arguments) {}

    /**
     * The same object, but an observer is told of every call before it is made; what the observer throws comes out
     * of the call.
     */
    static <T> T of(Class<T> type, T target, Consumer<Call> observer) {
        InvocationHandler observed = (proxy, method, given) -> {
            Object[] arguments = given == null ? new Object[0] : given;
            observer.accept(new Call(method.getName(), arguments));
            try {
                return method.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, observed));
    }
}
