import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

public class Crash_e578a6798c92dcba893c8128f213b8101294c87d {
    static final String base64Bytes = String.join("", "eyJ0eXBlIjogInN0cmluZyIsICJwYXR0ZXJuIjogIl4oYXxhYSkrKGJ0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHsyLDUwfSl7MSw1MH0kIn0=");

    public static void main(String[] args) throws Throwable {
        Crash_e578a6798c92dcba893c8128f213b8101294c87d.class.getClassLoader().setDefaultAssertionStatus(true);
        try {
            Method fuzzerInitialize = io.shiftadd.inference.fuzz.FuzzTarget.class.getMethod("fuzzerInitialize");
            fuzzerInitialize.invoke(null);
        } catch (NoSuchMethodException ignored) {
            try {
                Method fuzzerInitialize = io.shiftadd.inference.fuzz.FuzzTarget.class.getMethod("fuzzerInitialize", String[].class);
                fuzzerInitialize.invoke(null, (Object) args);
            } catch (NoSuchMethodException ignored1) {
            } catch (IllegalAccessException | InvocationTargetException e) {
                e.printStackTrace();
                System.exit(1);
            }
        } catch (IllegalAccessException | InvocationTargetException e) {
            e.printStackTrace();
            System.exit(1);
        }
        byte[] input = java.util.Base64.getDecoder().decode(base64Bytes);
        io.shiftadd.inference.fuzz.FuzzTarget.fuzzerTestOneInput(input);
    }
}