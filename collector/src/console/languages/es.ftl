# Los textos de la consola. $count elige la forma plural; $shown es el número tal como se escribe en el idioma.

console-name = Consola de compras
skip-to-content = Saltar al contenido
navigation = Consola
nav-overview = Resumen
nav-purchases = Compras
nav-refused = Rechazadas
nav-checkouts = Pagos abiertos
nav-accuracy = Precisión
nav-destinations = Destinos
sign-in = Iniciar sesión
sign-out = Cerrar sesión
sign-in-intro = Mira qué pasó con cada compra de tu tienda.
sign-in-failed = El nombre o la contraseña no son correctos.
user-name = Nombre
password = Contraseña
role-viewer = lectura
role-admin = administración
language = Idioma
time-zone = Zona horaria
apply = Aplicar
panel-link = Compras que llegan, en directo
pages = Páginas
first-page = Primera página
next-page = Página siguiente
all = Todo
all-sites = Todas las tiendas
site = Tienda
state = Estado
source = Origen
outcome = Resultado
received = Recibida
total = Total
units = Unidades
purchase = Compra
payment-method = Forma de pago
gateway = Pasarela
late = Tarde
not-known = desconocida

error-title = No ha funcionado
error-back = Volver al resumen
error-role = Esto lo puede hacer una persona administradora. Pídeselo, o inicia sesión como tal.
error-origin = La petición no vino de una página de esta consola. Abre la consola en esta ventana y vuelve a intentarlo.
error-not-found = Aquí no hay nada. Puede que se haya eliminado, o la dirección es incorrecta.
error-malformed = No se puede leer la dirección o el formulario.
error-attempts = Demasiados intentos de iniciar sesión. Espera un minuto y vuelve a intentarlo.
error-store = La base de datos no responde ahora. No se ha cambiado nada; vuelve a intentarlo en un momento.
error-failed = El colector ha fallado. Su registro dice más.

notice-test-made = La compra de prueba está hecha. Abajo se ve qué pasó con ella.
notice-judged-again = El mensaje se comprobó de nuevo y se aceptó.
notice-still-refused = El mensaje se comprobó de nuevo y sigue rechazado.
notice-queued = La compra va otra vez de camino al destino.
notice-nothing-queued = No había nada que reintentar.
notice-adding = Se están añadiendo compras anteriores; mientras tanto crece el número de las que esperan. Salen poco a poco, después de lo que se vende ahora.
notice-still-adding = Ya se están añadiendo compras anteriores. Vuelve a intentarlo cuando termine.

figures-label = Las últimas 24 horas
tile-purchases = compras en 24 horas
tile-late = de ellas, tarde
tile-refused = contenidos rechazados en 24 horas
tile-given-up = abandonadas por destinos
paused-title = { $destination } no acepta compras ahora.
paused-text = { $count ->
    [one] Hay una compra en espera; se reintenta sola.
   *[other] Hay { $shown } compras en espera; se reintentan solas.
}
tile-open = pagos que quedaron abiertos en 24 horas
chart-title = { $count ->
    [one] Compras en la última hora
   *[other] Compras por hora, últimas { $shown } horas
}
chart-summary = { $count ->
    [one] Una compra, { $late } tarde
   *[other] { $shown } compras, { $late } tarde
}
legend-in-time = a tiempo
legend-late = { $count ->
    [one] tarde: un minuto o más después del pedido
   *[other] tarde: { $shown } minutos o más después del pedido
}
purchases-count = { $count ->
    [one] una compra
   *[other] { $shown } compras
}
late-count = { $count ->
    [0] ninguna tarde
   *[other] { $shown } tarde
}
sites-title = Tiendas
sites-empty = Aún no ha llegado ninguna compra. Pon la etiqueta en tu tienda, o haz una compra de prueba.
last-purchase = Última compra
ago = hace { $time }
quiet-title = Ninguna compra de { $site }.
quiet-text = { $count ->
    [one] Nada desde hace una hora o más; la última llegó el { $last }. Comprueba que la etiqueta está en la página de confirmación y que la tienda recibe pedidos.
   *[other] Nada desde hace { $shown } horas o más; la última llegó el { $last }. Comprueba que la etiqueta está en la página de confirmación y que la tienda recibe pedidos.
}
badge-quiet = en silencio
badge-well = llegan compras
badge-site-gone = ya no está configurada
test-title = Compra de prueba
test-intro = Recorre todo el camino por el colector y muestra su historial. Está marcada como prueba, no cuenta en ningún sitio y no se transmite.
test-make = Hacer una compra de prueba
test-note = Una compra de prueba: no cuenta en ningún sitio y no se transmite.

search = Buscar
search-hint = Número de compra o producto
search-button = Buscar
clear = Borrar
only = Mostrar solo
from-day = Desde
to-day = Hasta
filter-problems = con problemas
filter-late = tarde
filter-unsent = sin transmitir
filter-tests = también pruebas
purchases-none = Aún no ha llegado ninguna compra.
purchases-none-found = Ninguna compra coincide. Cambia la búsqueda o bórrala.
purchases-horizon = { $count ->
   *[other] Se han mirado las { $shown } compras más recientes; las recibidas el { $time } o antes, no.
}
search-on = Seguir buscando
late-by = { $time } tarde
badge-test = prueba
badge-warnings = avisos
badge-conflict = dos contenidos
badge-unsent = sin transmitir
badge-not-placed = sin confirmar
badge-verified = verificada

state-created = creada
state-unknown = desconocida
state-pending = pendiente
state-canceled = cancelada
state-completed = completada
source-markup = marcado en la página
source-call = llamada en la página
source-data-layer = capa de datos
source-json = JSON en la página
source-server = el servidor de la tienda
source-checkout = página de pago
source-order-status = URL del estado del pedido
source-test = prueba

history = Qué pasó
order = Pedido
order-date = Fecha del pedido
order-status = Estado en la tienda
cart = Carrito
products = Productos
transitions = Estados
conflicts = Otros contenidos
data = Datos
data-content = Compra tal como está guardada
data-envelope = Mensaje tal como llegó
data-deliveries = { $count ->
    [one] Una entrega
   *[other] { $shown } entregas
}
deliveries = Entregas
attempt = Intento
delivery-accepted = aceptada
delivery-duplicate = repetición, reconocida
delivery-conflict = repetición con otro contenido
found = Encontrado:
what-to-do = Qué hacer:
outcome-succeeded = correcto
outcome-noted = correcto, revisar
outcome-failed = fallido
outcome-waiting = en espera
outcome-skipped = no hace falta
severity-normalised = reescrito
severity-warning = aviso
severity-error = error

step-captured = Capturada
step-buffered = Guardada en el navegador
step-sent = Enviada
step-received = Recibida
step-checked = Comprobada
step-stored = Almacenada
fact-device-clock = según el reloj del dispositivo
fact-waited = esperó { $time } hasta que se envió
fact-not-told = el mensaje no lo dice
fact-attempt = { $count ->
    [one] al primer intento
   *[other] en el intento { $shown }
}
fact-attempts-failed = { $count ->
    [one] un intento anterior falló
   *[other] { $shown } intentos anteriores fallaron
}
fact-repeats = { $count ->
    [one] una entrega más, reconocida como repetición
   *[other] { $shown } entregas más, reconocidas como repeticiones
}
fact-conflicts = { $count ->
    [one] después llegó otro contenido de la misma compra
   *[other] después llegaron { $shown } contenidos más de la misma compra
}
fact-nothing-wrong = todo está bien
fact-normalised = algunos valores se reescribieron sin cambiar su significado
fact-vouched = el servidor de la tienda responde del id, el total y la fecha
fact-test = una prueba: no cuenta en ningún sitio
fact-times = { $count ->
    [one] llegó una vez
   *[other] llegó { $shown } veces
}
fact-last = la última el { $time }
fact-late = tarde: { $time } después del pedido
fact-kept-refused = guardada entre las rechazadas, no entre las compras
advice-refused = Corrige los campos de arriba en la plantilla de la página. Hasta entonces se rechazan los mensajes del mismo tipo.
advice-warnings = La compra cuenta. Corrige los campos de arriba para que no se pierda nada de ella.
advice-waited = El cliente estaba sin conexión o dejó la página enseguida; se entregó en la visita siguiente. Haz que el servidor de la tienda también envíe las compras para saberlo antes.
advice-late = El cliente llegó a la página de confirmación mucho después del pedido, o se volvió a abrir su dirección. Haz que el servidor de la tienda también envíe las compras para saberlo al momento.
advice-attempts = Las conexiones fallan de vez en cuando. Si pasa a menudo, comprueba que se puede llegar al colector desde todas partes.
advice-conflicts = Vale el primer contenido. La causa habitual es una página que imprime otros valores al cargarse de nuevo; compara los contenidos.
retry-judge = Comprobar de nuevo

refused-intro = Lo que enviaron las páginas y no se pudo aceptar, por causa. Corrige primero lo más frecuente: las compras que hay detrás no se cuentan en ningún sitio.
refused-none = No se ha rechazado nada. Así debe ser.
refused-cut = Hay más; estas son las últimas.
refusal-title = Mensaje rechazado
cause-refused = { $count ->
    [one] rechazada
   *[other] rechazadas
}
cause-refused-times = { $count ->
    [one] rechazada una vez
   *[other] rechazada { $shown } veces
}
cause-example = Ver la última
since = desde el { $time }
goes-on = continúa
template = Plantilla:
cause-ambiguous-comma = con una coma que se puede leer de dos maneras
cause-ambiguous-dot = con un punto que se puede leer de dos maneras
cause-malformed-comma = con una coma donde no corresponde
cause-malformed-dot = con un punto donde no corresponde
kind-missing = falta
kind-empty = está vacío
kind-placeholder = es un valor de relleno de la plantilla
kind-malformed = no tiene la forma requerida
kind-ambiguous = se puede leer de dos maneras
kind-negative = es menor que cero
kind-not-whole = no es un número entero
kind-out-of-range = está fuera de sus límites
kind-impossible = no existe en el calendario
kind-no-time-zone = no indica zona horaria
kind-too-long = es demasiado largo
kind-too-many = tiene demasiados elementos
kind-unknown-value = es una palabra desconocida
kind-unknown-field = es un campo desconocido
kind-wrong-type = tiene un tipo incorrecto
kind-repeated = aparece dos veces con valores distintos
kind-relative-url = es una dirección incompleta
kind-currency-mismatch = indica otra moneda
kind-no-items = no tiene productos
kind-wrong-signature = no corresponde a la compra
kind-number-form = era un número en otra forma
kind-date-form = era una fecha en otra forma
kind-spelling = estaba escrito de otra manera
kind-resolved-url = era una dirección incompleta
kind-derived = se calculó a partir de otros valores

problem-missing = { $field } es obligatorio: añádelo.
problem-empty = { $field } está vacío, y es obligatorio.
problem-given-twice = El campo aparece dos veces; vale el primer valor.
problem-unknown-field = No es un campo documentado y se ha dejado fuera; comprueba cómo está escrito.
problem-template-placeholder = Es lo que imprime una plantilla cuando le falta el valor: imprime el valor o quita el campo.
problem-zero-id = Un identificador 0 suele ser un valor de relleno de la plantilla: las compras con el mismo identificador cuentan como una sola.
problem-zero-cart-id = 0 es un valor de relleno, no el identificador de un carrito; quita el campo si no hay ninguno.
problem-id-too-long = Un identificador tiene como máximo { $limit } caracteres.
problem-control-in-id = El identificador contiene un salto de línea u otro carácter de control, que una plataforma puede rechazar: imprime solo el identificador.
problem-text-too-long = Un texto tiene como máximo { $limit } caracteres.
problem-write-text-or-number = Escribe aquí un texto o un número.
problem-write-one-of = Escribe una de estas palabras: { $words }.
problem-taken-as = Se ha tomado como { $value }.
problem-two-readings = Se puede leer de dos maneras: escríbelo con punto y dos decimales, o configura el separador decimal de la tienda.
problem-write-decimal = Escribe solo cifras, con punto como separador decimal, por ejemplo 180.75.
problem-write-whole = Escribe un número entero, solo cifras, por ejemplo 3.
problem-not-below-zero = Escribe un número igual o mayor que 0.
problem-write-up-to = Escribe un número de 0 a { $limit }.
problem-too-many-digits = El número tiene demasiadas cifras.
problem-write-currency = Escribe la moneda con su código ISO 4217, por ejemplo EUR.
problem-amount-kept = La moneda de la compra es { $currency }; el importe se deja como está.
problem-amounts-taken = La tienda está configurada en { $configured }; los importes se toman en la moneda que indica la página.
problem-write-date = Escribe la fecha según ISO 8601 con su zona horaria, por ejemplo 2024-09-13T10:49:31+02:00.
problem-no-such-date = Esta fecha u hora no existe; escribe una que exista.
problem-add-zone = Añade la zona horaria, por ejemplo Z o +02:00, o configura la de la tienda: no se sabe el momento exacto.
problem-write-address = Escribe la dirección http o https completa, por ejemplo https://shop.example/product.
problem-no-email = El correo de quien compra no es una dirección como name@shop.example, y se ha dejado fuera.
problem-unknown-status = Este estado no se conoce: configura la plataforma de la tienda (data-platform), o indica el estado en data-order-statuses, por ejemplo "awaiting_stock=pending" o "sent=completed:placed".
problem-no-items = La compra no tiene ningún product_basket_item, así que ninguna plataforma puede saber qué se compró.
problem-too-many-items = Una compra tiene como máximo { $limit } líneas; envía las demás como otra compra.
problem-write-item = Una línea debe ser un objeto con los campos de la línea.
problem-quantity-is-one = No se indica la cantidad; en GA4 eso cuenta como 1.
problem-line-price-computed = GA4 no tiene precio de línea: es el precio unitario por la cantidad.
problem-no-line-price = El precio de la línea no se puede calcular sin su precio unitario y su cantidad.
problem-units-counted = GA4 no tiene cantidad total: es la suma de las cantidades de las líneas.
problem-no-units = No se pueden contar las unidades: pon una cantidad entera en cada línea.
problem-not-json = A partir de lo encontrado esto ya no es JSON; imprímelo con un codificador de JSON.
problem-no-purchase = No se ha encontrado ninguna compra en los datos: pon al menos purchase_id, total_quantity y total_price.
problem-several-purchases = Se han encontrado { $count } compras donde se espera una: pon cada una en su propia llamada o elemento script.
problem-not-listed = { $count ->
    [one] Hay un problema más que no aparece en la lista.
   *[other] Hay { $shown } problemas más que no aparecen en la lista.
}
problem-unknown-zone = Escribe un nombre IANA como Europe/Madrid, o un desfase como +01:00; las fechas sin zona se han dejado como estaban.
problem-no-signature = Este sitio solo acepta compras firmadas por el servidor de la tienda: imprime la firma junto a los campos de la compra.
problem-wrong-signature = La firma no corresponde a este purchase_id, total_price y purchase_date: firma los tres textos tal como los imprime la página, unidos por saltos de línea, con el secreto de servidor del sitio, en hexadecimal. Si son correctos, alguien ha cambiado la página.
problem-ambiguous-signed = El total firmado se puede leer de dos maneras, y es el navegador quien dice cuál: imprímelo y fírmalo con punto y dos decimales, como 180.75.

checkouts-intro = Clientes que se fueron a una pasarela de pago y de los que no se ha sabido nada más. No son compras; algunas lo serán cuando el cliente vuelva o cuando el servidor de tu tienda lo comunique.
checkouts-none = No hay ningún pago abierto.
cart-or-order = Carrito o pedido
left = Salida
basis = Se sabe por
basis-left = la salida
basis-returned = el regreso
basis-status = el estado del pedido

accuracy-intro = { $count ->
    [one] De quienes se fueron a pagar en el último día, ¿cuántos llegaron a la página de confirmación?
   *[other] De quienes se fueron a pagar en los últimos { $shown } días, ¿cuántos llegaron a la página de confirmación?
}
accuracy-cut = Hay más de los que puede contar una página; estos son los últimos.
accuracy-note = { $count ->
    [one] Tarde: un minuto o más. Nunca: sin noticias desde hace { $hours } horas o más. El porcentaje no incluye a quienes cancelaron ni a quienes aún pueden volver.
   *[other] Tarde: { $shown } minutos o más. Nunca: sin noticias desde hace { $hours } horas o más. El porcentaje no incluye a quienes cancelaron ni a quienes aún pueden volver.
}
by-gateway = Por pasarela
gateway-note = La pasarela se sabe por el enlace o formulario de salida, o por la página a la que volvió el cliente. Quien salió por el servidor de la tienda y nunca volvió está en «desconocida».
left-by-method = Por forma de pago
method-note = La forma de pago es la de la compra, o la que indica la página de pago. La de quien nunca volvió solo se sabe si la página de pago la indica.
purchases-by-method = Todas las compras por forma de pago
gateways-none = Nadie se ha ido aún a una pasarela, o la página de pago no está marcada.
methods-none = Aún no ha llegado ninguna compra.
share-confirmed = Llegaron a la confirmación
share-page = Por una página
left-count = Salieron
reached = Llegaron
told-by-page = Por una página
reached-late = De ellos, tarde
median = La mitad en
by-server = Solo por el servidor
canceled = Cancelados
still-open = Aún pueden volver
elsewhere = Solo a otra página
server-alone = No llegaron, pedido por el servidor
never = Nunca

badge-unconfigured = ya no está configurado
destinations-none = Las compras no se transmiten a ningún sitio: no hay ningún destino configurado.
earlier-title = Transmitir compras anteriores
earlier-intro = Las compras recibidas estos días que nunca se iban a transmitir aquí, como las de antes de configurarlo. Sin último día, todas hasta ahora. Klaviyo registra los pedidos de hace más de un día sin iniciar flujos; Connectif inicia sus workflows con cada una, salvo que su trigger_purchase_event sea false.
earlier-button = Añadirlas
earlier-added = { $count ->
    [0] No había nada que añadir.
    [one] Se ha añadido una compra anterior. Sale después de lo que se vende ahora.
   *[other] Se han añadido { $shown } compras anteriores. Salen poco a poco, después de lo que se vende ahora.
}

step-passed = Transmitida a { $destination }
step-verified = Vista en { $destination }
step-passed-nowhere = Transmitida
fact-passed-nowhere = no había ningún destino configurado para ella
fact-test-not-passed = las pruebas no se transmiten
fact-never-placed = se canceló antes de contar como pedido
fact-not-placed-yet = cuando cuente como pedido
fact-refused-not-passed = lo rechazado no se transmite
attempt-interrupted = el colector se detuvo
attempt-missing = no encontrada allí
attempt-retry = no aceptada, se reintenta sola
attempt-refused = rechazada
attempt-not-sent = no enviada
fact-verified = la plataforma la muestra
fact-not-asked = a esta plataforma no se le puede preguntar, o todavía no
fact-next = la próxima vez el { $time }
fact-attempts = { $count ->
    [one] un intento
   *[other] { $shown } intentos
}
event-placed = pedido realizado
event-completed = pedido completado
event-canceled = pedido cancelado
pass-waiting = espera
pass-verifying = aceptada, aún no vista allí
pass-delivered = aceptada
pass-verified = aceptada y vista allí
pass-not-sent = no enviada
pass-dead = abandonada
retry-pass = Volver a transmitir
retry-dead = { $count ->
    [one] Volver a transmitir la abandonada
   *[other] Volver a transmitir las { $shown }
}
circuit-closed = funciona
circuit-dead = funciona, hay abandonadas
circuit-open = en pausa tras fallos
circuit-half-open = se está probando de nuevo
delivered-24h = Transmitidas en 24 horas
waiting-count = En espera
dead-count = Abandonadas
open-until = En pausa hasta
last-error = Último error el { $time }:
show-unsent = Ver compras
never-failed = Todavía no ha fallado nada.
pass-advice-no-contact = La compra no dice quién compra, y la plataforma no acepta compras sin contacto. Pon data-contact="email" en la etiqueta de la tienda e imprime cn_client_info también para invitados.
pass-advice-hashed-contact = Solo se guarda un hash de la dirección de quien compra, y la plataforma necesita la dirección. Pon data-contact="email" en la etiqueta de la tienda.
pass-advice-total-not-positive = La plataforma no acepta pedidos sin un total mayor que cero. Con los pedidos gratuitos no hay que hacer nada.
pass-advice-no-lines = La plataforma no acepta pedidos sin líneas con identificador de producto, cantidad y precio. Añádelas a la plantilla de la tienda.
pass-advice-too-large = La compra es más grande de lo que acepta la plataforma. Regístrala en la plataforma a mano.
pass-advice-unreachable = No se pudo llegar a la plataforma; se vuelve a intentar solo. Si sigue así, comprueba la dirección y la salida a internet del colector.
pass-advice-timed-out = La plataforma no respondió a tiempo; se vuelve a intentar solo.
pass-advice-no-certificates = En la máquina del colector no hay certificados de autoridades: instala allí el paquete ca-certificates. Se vuelve a intentar solo.
pass-advice-server-error = La plataforma tiene un problema propio; se vuelve a intentar solo.
pass-advice-throttled = La plataforma pide menos peticiones; se vuelve a intentar solo cuando lo permita.
pass-advice-credentials = La plataforma no acepta la clave. Pon una válida y reinicia el colector; lo que espera se transmite entonces.
pass-advice-scope = La clave no permite esto, o la cuenta está bloqueada. Da a la clave el derecho de escribir compras y contactos; lo que espera se transmite entonces.
pass-advice-wrong-address = No hay nada en la dirección configurada. Comprueba base_url, domain, list_id o url del destino; lo que espera se transmite entonces.
pass-advice-redirected = La dirección configurada responde con otra, que no se sigue porque la clave iría con ella. Configura la dirección final.
pass-advice-refused = La plataforma rechaza esta compra; arriba está su respuesta. Corrige la causa y vuelve a transmitirla.
pass-advice-contact-unknown = La plataforma no conoce a quien compra, ni después de crear el contacto. Comprueba el contacto en la plataforma y vuelve a transmitir la compra.
pass-advice-products-unknown = Hay productos de esta compra que no están en el catálogo de la plataforma. Impórtalos y vuelve a transmitir la compra.
pass-advice-product-domain = La dirección de un producto está en un dominio que la cuenta de la plataforma no permite. Añade allí el dominio y vuelve a transmitir la compra.
pass-advice-not-found-yet = La plataforma aún no muestra lo que se envió; se le vuelve a preguntar solo durante una hora más o menos, y solo entonces se envía la compra de nuevo.
pass-advice-never-seen = La plataforma aceptó la compra cada vez y nunca la mostró. Búscala allí por su número y pregunta a la plataforma por qué; vuelve a transmitirla solo si no está.
pass-advice-interrupted = El colector se detuvo durante este intento; se vuelve a intentar solo.
pass-advice-unconfigured = El destino ya no está en la configuración del colector. Configúralo de nuevo, o déjalo así.
pass-advice-unreadable = Esta versión del colector no puede leer la compra guardada. Usa la versión que la guardó, o una posterior.

duration-seconds = { $count ->
    [one] { $shown } segundo
   *[other] { $shown } segundos
}
duration-minutes = { $count ->
    [one] { $shown } minuto
   *[other] { $shown } minutos
}
duration-hours = { $count ->
    [one] { $shown } hora
   *[other] { $shown } horas
}
duration-days = { $count ->
    [one] { $shown } día
   *[other] { $shown } días
}
