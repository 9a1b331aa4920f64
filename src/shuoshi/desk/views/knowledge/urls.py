"""Addresses of the knowledge base, below /desk/knowledge/."""

from django.urls import path

from shuoshi.desk.views.knowledge import beside, entries, tasks, writing

urlpatterns = [
    path("knowledge/", entries.listed, name="knowledge"),
    path("knowledge/new/", writing.new, name="knowledge_new"),
    path("knowledge/beside/", beside.beside, name="knowledge_beside"),
    path("knowledge/tasks/", tasks.waiting, name="knowledge_tasks"),
    path("knowledge/tasks/<uuid:key>/", tasks.task, name="knowledge_task"),
    path("knowledge/<int:number>/", entries.entry, name="knowledge_entry"),
    path("knowledge/<int:number>/edit/", writing.edit, name="knowledge_edit"),
]
