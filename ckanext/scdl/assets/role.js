/* Prefills the role and the name of a resource from the file that the contributor chooses.
   The server decides again from the file itself. */
this.ckan.module('scdl-role', function ($) {
  'use strict';

  /* extensions: {role: ['.ext', …]}; a file that none of them names is data */
  function roleOf(name, extensions) {
    var dot = name.lastIndexOf('.');
    var extension = dot < 0 ? '' : name.slice(dot).toLowerCase();
    var roles = Object.keys(extensions);
    for (var i = 0; i < roles.length; i++) {
      if (extensions[roles[i]].indexOf(extension) !== -1) {
        return roles[i];
      }
    }
    return 'donnees';
  }

  /* CKAN names a new resource after its first file; a name that is still a file's follows the next
     one.  A stored resource keeps its name: the new file may be refused. */
  function renameAfter(field, name) {
    if (/\.[a-z0-9]{2,5}$/i.test(field.val())) {
      field.val(name);
    }
  }

  return {
    initialize: function () {
      var select = this.el;
      var extensions = this.options.extensions;
      select.closest('form').on('change', 'input[type=file]', function () {
        if (this.files.length) {
          select.val(roleOf(this.files[0].name, extensions));
          var form = select.closest('form');
          if (!form.find('[name=id]').val()) {
            renameAfter(form.find('[name=name]'), this.files[0].name);
          }
        }
      });
    }
  };
});
