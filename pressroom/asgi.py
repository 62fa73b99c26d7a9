from pressroom.wsgi import application as store
from releases.delivery.asgi import ASGIApplication

application = ASGIApplication(store)
